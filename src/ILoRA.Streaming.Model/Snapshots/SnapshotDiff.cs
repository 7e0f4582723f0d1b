using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>The differences between two versions with the same backbone and shape.</summary>
/// <param name="Parts">By part, in the order of <see cref="SnapshotParts.Names"/>.</param>
/// <param name="Settings">The settings that differ, of scorer, prompt and kind of gate.</param>
/// <param name="Gate">The difference in the experts' weights.</param>
/// <param name="Weights">The weights of the score's terms (formulas at <see cref="Scoring.ScoreHead"/> and
/// <see cref="Scoring.TitleWeights"/>).</param>
/// <param name="ItemsShared">The number of items in both encoders; only their rows are compared.</param>
/// <param name="ItemsAdded">The number of items only in the second encoder.</param>
/// <param name="ItemsGone">The number of items only in the first encoder.</param>
public sealed record SnapshotDiff(
    IReadOnlyList<PartDiff> Parts, IReadOnlyList<SettingDiff> Settings, GateDiff Gate, IReadOnlyList<WeightDiff> Weights, int ItemsShared,
    int ItemsAdded, int ItemsGone)
{
    /// <summary>Compares two versions.</summary>
    /// <exception cref="InvalidDataException">The backbones, shapes or widths differ; the message names them.</exception>
    public static SnapshotDiff Of(Snapshot a, Snapshot b)
    {
        RequireComparable(a, b);
        var items = SharedItems.Of(a.Items, b.Items);
        var (from, to) = (SnapshotParts.Write(a), SnapshotParts.Write(b));
        return new(
            [.. SnapshotParts.Names.Select(
                part => PartDiff.Of(part, from[part], to[part], (before, after) => Tensors(part, a, b, before, after, items)))],
            [.. ((SettingDiff[])[new("scorer", $"{a.Scorer}", $"{b.Scorer}"), new("prompt", $"{a.Prompt}", $"{b.Prompt}"),
                new("gate", $"{a.Gate.Kind}", $"{b.Gate.Kind}")]).Where(setting => setting.A != setting.B)],
            GateDiff.Of(a, b, items), WeightDiff.Of(a, b), items.A.Length, items.Added, items.Gone);
    }

    private static IEnumerable<TensorDiff> Tensors(string part, Snapshot a, Snapshot b, SafetensorsFile before, SafetensorsFile after,
        SharedItems items) => part switch
        {
            SnapshotParts.Neighbours => Neighbours(a, b, items),
            // The input of gate.weight is the hidden layer in one kind and z in the other.
            SnapshotParts.Gate when a.Gate.Kind != b.Gate.Kind => [],
            _ => Tensors(before, after, items),
        };

    private static IEnumerable<TensorDiff> Tensors(SafetensorsFile before, SafetensorsFile after, SharedItems items)
    {
        foreach (var name in before.Names.Where(name => after.Contains(name) && !before.IsBytes(name)).Order(StringComparer.Ordinal))
        {
            var (a, b) = items.Align(before.Read(name), after.Read(name));
            yield return TensorDiff.Of(name, a, b);
        }
    }

    private static IEnumerable<TensorDiff> Neighbours(Snapshot a, Snapshot b, SharedItems items)
    {
        var (before, after) = items.Align(a.Neighbours, b.Neighbours);
        yield return TensorDiff.Of(NeighbourTensors.Weights, before, after);
    }

    private static void RequireComparable(Snapshot a, Snapshot b)
    {
        var (before, after) = (Facts(a), Facts(b));
        string[] differences = [.. before.Zip(after).Where(pair => pair.First.Value != pair.Second.Value)
            .Select(pair => $"{pair.First.Name} {pair.First.Value} against {pair.Second.Value}")];
        if (differences.Length > 0)
            throw new InvalidDataException(
                $"The versions do not match: {string.Join(", ", differences)}; compare versions of one backbone and shape.");
    }

    private static IReadOnlyList<(string Name, string Value)> Facts(Snapshot snapshot) =>
    [
        ("backbone", snapshot.Backbone),
        ("experts", $"{snapshot.Shape.Experts}"),
        ("rank", $"{snapshot.Shape.Rank}"),
        ("alpha", FormattableString.Invariant($"{snapshot.Shape.Alpha}")),
        ("targets", string.Join(' ', snapshot.Shape.Targets.Select(LoraTargets.ShortName))),
        ("layers", $"{snapshot.Lora.Pairs.Keys.Select(site => site.Layer).Distinct().Count()}"),
        ("hidden width", $"{snapshot.Head.Hidden}"),
        ("head item width", $"{snapshot.Head.Width}"),
        ("projector", $"{snapshot.Projector.Width} to {snapshot.Projector.Hidden}"),
        ("encoder width", $"{snapshot.Encoder.Width}"),
        ("encoder positions", $"{snapshot.Encoder.Positions}"),
    ];
}

/// <summary>A setting that differs between two versions.</summary>
/// <param name="Name">scorer, prompt or gate.</param>
/// <param name="A">Its value in the first version.</param>
/// <param name="B">Its value in the second version.</param>
public sealed record SettingDiff(string Name, string A, string B);
