using System.Globalization;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>
/// Converts a snapshot to and from its parts: safetensors files whose bytes depend on the content only, so that an unchanged part keeps its
/// hash.
/// </summary>
public static class SnapshotParts
{
    public const string Adapter = "adapter";
    public const string Gate = "gate";
    public const string Projector = "projector";
    public const string Head = "head";
    public const string Encoder = "encoder";
    public const string Neighbours = "neighbours";

    public static IReadOnlyList<string> Names { get; } = [Adapter, Gate, Projector, Head, Encoder, Neighbours];

    /// <summary>Writes the parts.</summary>
    /// <returns>The bytes by part name, in the order of <see cref="Names"/>.</returns>
    public static IReadOnlyDictionary<string, byte[]> Write(Snapshot snapshot) => new Dictionary<string, byte[]>(StringComparer.Ordinal)
    {
        [Adapter] = SafetensorsWriter.Write(LoraTensors.Write(snapshot.Lora), AdapterMetadata(snapshot)),
        [Gate] = SafetensorsWriter.Write(GateTensors.Write(snapshot.Gate), GateTensors.Metadata(snapshot.Gate)),
        [Projector] = SafetensorsWriter.Write(ProjectorTensors.Write(snapshot.Projector), null),
        [Head] = SafetensorsWriter.Write(HeadTensors.Write(snapshot.Head), null),
        [Encoder] = EncoderPart.Write(snapshot.Encoder, snapshot.Items),
        [Neighbours] = NeighbourTensors.Write(snapshot.Neighbours),
    };

    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="InvalidDataException">A part or tensor is missing, has a wrong shape or holds a number that is not
    /// finite.</exception>
    public static Snapshot Read(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> parts)
    {
        var adapter = Part(parts, Adapter);
        var gate = Part(parts, Gate);
        var encoder = Part(parts, Encoder);
        var shape = Shape(adapter);
        return new Snapshot
        {
            Backbone = Metadata(adapter, "backbone"),
            Lora = LoraTensors.Read(adapter, shape),
            Gate = ReadGate(gate, shape),
            Projector = ProjectorTensors.Read(Part(parts, Projector)),
            Head = HeadTensors.Read(Part(parts, Head)),
            Encoder = SasRec.Read(encoder),
            Items = EncoderPart.ReadItems(encoder),
            Neighbours = NeighbourTensors.Read(Part(parts, Neighbours)),
            Scorer = Named<Scorer>(adapter, "scorer"),
            Prompt = Named<PromptStyle>(adapter, "prompt"),
        };
    }

    private static SafetensorsFile Part(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> parts, string name)
    {
        var file = parts.TryGetValue(name, out var bytes)
            ? SafetensorsFile.Parse(bytes, $"part '{name}'")
            : throw new InvalidDataException($"The snapshot has no part '{name}'; it has {string.Join(", ", parts.Keys)}.");
        FiniteCheck.Require(file);
        return file;
    }

    private static Dictionary<string, string> AdapterMetadata(Snapshot snapshot) => new()
    {
        ["format"] = "pt",
        ["backbone"] = snapshot.Backbone,
        ["scorer"] = snapshot.Scorer.ToString(),
        ["prompt"] = snapshot.Prompt.ToString(),
        ["experts"] = Text(snapshot.Shape.Experts),
        ["rank"] = Text(snapshot.Shape.Rank),
        ["alpha"] = snapshot.Shape.Alpha.ToString("R", CultureInfo.InvariantCulture),
        ["targets"] = string.Join(' ', snapshot.Shape.Targets.Select(LoraTargets.ShortName)),
    };

    private static AdapterShape Shape(SafetensorsFile adapter)
    {
        int experts = Number(adapter, "experts"), rank = Number(adapter, "rank");
        var targets = Metadata(adapter, "targets").Split(' ').Select(LoraTargets.Parse).ToArray();
        if (rank % experts != 0 || !float.TryParse(Metadata(adapter, "alpha"), CultureInfo.InvariantCulture, out var alpha)
            || alpha is not (> 0 and < 1e6f))
            throw new InvalidDataException(
                $"{adapter.Source}: rank {rank} must be a multiple of {experts} experts and alpha '{Metadata(adapter, "alpha")}' a "
                    + "positive number.");
        return targets.Zip(targets.Skip(1)).All(pair => pair.First < pair.Second)
            ? new AdapterShape(experts, rank, alpha, targets)
            : throw new InvalidDataException(
                $"{adapter.Source}: targets '{Metadata(adapter, "targets")}' must be in the order of the forward pass, each once.");
    }

    private static Gate ReadGate(SafetensorsFile file, AdapterShape shape)
    {
        int experts = Number(file, GateTensors.Experts), width = Number(file, GateTensors.Width);
        if (experts != shape.Experts)
            throw new InvalidDataException($"{file.Source}: the gate has {experts} experts, the adapter {shape.Experts}.");
        return GateTensors.Read(file, experts, width);
    }

    private static T Named<T>(SafetensorsFile file, string key)
        where T : struct, Enum => Enum.TryParse<T>(Metadata(file, key), out var value) && Enum.IsDefined(value)
            ? value
            : throw new InvalidDataException(
                $"{file.Source}: {key} '{Metadata(file, key)}' is none of {string.Join(", ", Enum.GetNames<T>())}.");

    private static int Number(SafetensorsFile file, string key) => file.MetadataNumber(key) ?? throw MissingMetadata(file, key);

    private static string Metadata(SafetensorsFile file, string key) => file.Metadata.TryGetValue(key, out var value)
        ? value
        : throw MissingMetadata(file, key);

    private static InvalidDataException MissingMetadata(SafetensorsFile file, string key) =>
        new($"{file.Source} has no '{key}' in its metadata; it was not written by this project.");

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
