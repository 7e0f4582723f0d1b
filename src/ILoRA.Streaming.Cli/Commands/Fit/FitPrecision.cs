using System.CommandLine;
using ILoRA.Streaming.Model.Backbones;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary>In what numbers the frozen backbone computes.</summary>
internal static class FitPrecision
{
    /// <summary>From this many parameters on, bfloat16's half of the memory and of the time matter more than its rounding.</summary>
    private const long Large = 50_000_000;

    public static Option<string> Option { get; } = Create("auto");

    /// <param name="usual">What holds where the flag is not given.</param>
    public static Option<string> Create(string usual) => new Option<string>("--precision")
    {
        Description = "The frozen backbone's: float32, bfloat16, or auto (bfloat16 from 50 million parameters on)",
        HelpName = "NAME",
        DefaultValueFactory = _ => usual,
    }.AcceptOnlyFromAmong("auto", "float32", "bfloat16");

    public static ScalarType Of(ParseResult parsed, Backbone backbone) => Of(parsed, Option, backbone);

    public static ScalarType Of(ParseResult parsed, Option<string> option, Backbone backbone) => parsed.GetRequiredValue(option) switch
    {
        "float32" => ScalarType.Float32,
        "bfloat16" => ScalarType.BFloat16,
        _ => backbone.Summary.Parameters >= Large ? ScalarType.BFloat16 : ScalarType.Float32,
    };
}
