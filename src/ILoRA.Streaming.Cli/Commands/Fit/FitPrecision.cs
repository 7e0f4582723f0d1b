using System.CommandLine;
using ILoRA.Streaming.Training.Devices;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary>The option <c>--precision</c>: the numeric precision of the frozen backbone.</summary>
internal static class FitPrecision
{
    public static Option<string> Option { get; } = Create(BackbonePrecision.Auto);

    /// <param name="usual">The default.</param>
    public static Option<string> Create(string usual) => new Option<string>("--precision")
    {
        Description = $"The frozen backbone's: float32, bfloat16, or auto ({BackbonePrecision.Rule})",
        HelpName = "NAME",
        DefaultValueFactory = _ => usual,
    }.AcceptOnlyFromAmong([.. BackbonePrecision.Names]);
}
