using System.CommandLine;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary>Puts the language model where it computes.</summary>
internal static class FrozenBackbone
{
    /// <summary>Says on standard error what was loaded, in what numbers it computes, how many bytes they take and where.</summary>
    public static TorchBackbone Load(ParseResult parsed, Option<string> precision, Backbone backbone, Device device)
    {
        var frozen =
            TorchBackbone.Frozen(backbone, device,
                BackbonePrecision.Choose(parsed.GetRequiredValue(precision), backbone.Summary, device.type));
        parsed.InvocationConfiguration.Error.WriteLine(
            $"Backbone {backbone.Summary}; computes in {frozen.Precision}, {frozen.Bytes / 1_000_000} MB, on {frozen.Device}");
        return frozen;
    }
}
