using System.Text.Json.Serialization;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Events;

/// <summary>
/// The announcement of one version of everything learned, on <c>adapters</c> (key: line/version; compacted). Its bytes were stored before.
/// </summary>
public sealed record AdapterManifest : IEvent
{
    public static string EventType => "ilora.adapter.v1";

    public static string SchemaName => "adapter";

    public required AdapterVersion Version { get; init; }
    public required LineName Line { get; init; }

    /// <summary>By part name: adapter, gate, projector, head, encoder.</summary>
    public required IReadOnlyDictionary<string, SnapshotPart> Parts { get; init; }

    /// <summary>The version that this one was trained from; null for the first of a line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required AdapterVersion? Parent { get; init; }
    public required DateTimeOffset Created { get; init; }

    /// <summary>The backbone's content hash.</summary>
    public required string Backbone { get; init; }
    public required ManifestShape Shape { get; init; }

    /// <summary>Trained up to: the next offset by "topic-partition".</summary>
    public required IReadOnlyDictionary<string, long> Offsets { get; init; }

    /// <summary>The latest event time trained on; null where none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateTimeOffset? Events { get; init; }
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
    public string? Note { get; init; }

    [JsonIgnore]
    public string Key => $"{Line}/{Version}";

    public void Check()
    {
        EventRules.Require(Parts.Count >= 1, "parts", "names at least one part");
        EventRules.NoNull(Parts.Values, "parts");
        foreach (var (name, part) in Parts)
            part.Check($"parts.{name}");
        EventRules.Text(Backbone, "backbone", EventRules.Name);
        EventRules.Optional(Note, "note", EventRules.Title);
        EventRules.NoNull(Tags ?? [], "tags");
        EventRules.Require(Offsets.Values.All(offset => offset >= 0), "offsets", "counts from 0");
        Shape.Check();
    }
}

/// <summary>One part of a snapshot, named by its content.</summary>
public sealed record SnapshotPart
{
    /// <summary>64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }
    public required long Bytes { get; init; }

    /// <summary>Where the bytes rest: <c>redis:</c> or <c>file:</c> and the sha256.</summary>
    public required string Location { get; init; }

    internal void Check(string field)
    {
        EventRules.Require(Sha256.Length == 64 && Sha256.All(char.IsAsciiHexDigitLower), $"{field}.sha256",
            "is 64 lower-case hexadecimal digits");
        EventRules.Require(Bytes >= 1, $"{field}.bytes", "is at least 1");
        EventRules.Text(Location, $"{field}.location", EventRules.Title);
    }
}

/// <summary>What a version's adapter looks like.</summary>
public sealed record ManifestShape
{
    public required int Experts { get; init; }
    public required int Rank { get; init; }

    /// <summary>q, k, v, o, gate, up, down.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    public static ManifestShape Of(AdapterShape shape) =>
        new() { Experts = shape.Experts, Rank = shape.Rank, Targets = [.. shape.Targets.Select(LoraTargets.ShortName)] };

    internal void Check()
    {
        EventRules.Require(this is { Experts: >= 1, Rank: >= 1 }, "shape", "has at least one expert and rank 1");
        // A schema cannot divide: this one is the reader's alone.
        EventRules.Require(Rank % Experts == 0, "shape", "has a rank that is a multiple of its experts");
        EventRules.Require(Targets.Count >= 1 && Targets.All(target => target is "q" or "k" or "v" or "o" or "gate" or "up" or "down"),
            "shape.targets", "holds q, k, v, o, gate, up or down");
    }

    public override string ToString() => $"{Experts} experts, rank {Rank}, targets {string.Join(' ', Targets)}";
}
