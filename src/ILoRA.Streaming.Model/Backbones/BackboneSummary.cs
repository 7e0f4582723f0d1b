using System.Globalization;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>A description of a loaded backbone in one line, for logs.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Parameters">The number of parameters in the loaded layers; tied weights count once.</param>
/// <param name="Types">The element types in the files, such as BF16, the most frequent first.</param>
/// <param name="FileBytes">The size of the weight files in bytes.</param>
/// <param name="RandomSeed">The seed of random weights (see <see cref="RandomWeights"/>); null for the trained weights.</param>
public sealed record BackboneSummary(BackboneConfig Config, long Parameters, IReadOnlyList<string> Types, long FileBytes, int? RandomSeed)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Config.Family}, {Config.Layers} layers of {Config.Hidden}, {Parameters / 1e6:0.##} M parameters, stored "
            + $"as {string.Join(", ", Types)} in {FileBytes / 1e6:0.##} "
                + $"MB{(RandomSeed is { } seed ? $", all drawn anew by seed {seed} (a control)" : "")}");
}
