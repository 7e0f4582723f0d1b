using System.Globalization;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>What was loaded, for one line of a log.</summary>
/// <param name="Config">The shape.</param>
/// <param name="Parameters">Numbers in the layers that were taken, a tied output counted once.</param>
/// <param name="Types">The files' own types, most numbers first.</param>
/// <param name="FileBytes">Size of the weights' files.</param>
/// <param name="RandomSeed">The seed that the weights were drawn anew by; null where they are the trained ones.</param>
public sealed record BackboneSummary(BackboneConfig Config, long Parameters, IReadOnlyList<string> Types, long FileBytes, int? RandomSeed)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Config.Family}, {Config.Layers} layers of {Config.Hidden}, {Parameters / 1e6:0.##} M parameters, stored as {string.Join(", ", Types)} in {FileBytes / 1e6:0.##} MB{(RandomSeed is { } seed ? $", all drawn anew by seed {seed} (a control)" : "")}");
}
