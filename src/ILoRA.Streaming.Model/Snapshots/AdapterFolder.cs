using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>An adapter in PEFT's folder format, with the gate and the projector in an additional file <c>ilora.safetensors</c>.</summary>
/// <param name="Lora">From <c>adapter_model.safetensors</c> and <c>adapter_config.json</c>.</param>
/// <param name="Gate">From <c>ilora.safetensors</c>. Where that has no <c>gate.weight</c>, a uniform gate over the number of experts in its
/// metadata, or over one.</param>
/// <param name="Projector">From <c>ilora.safetensors</c>; null where it has none.</param>
public sealed record AdapterFolder(LoraWeights Lora, Gate Gate, Projector? Projector)
{
    /// <summary>The width of the sequence vector where the file does not give it.</summary>
    private const int DefaultWidth = 64;

    private const string Extras = "ilora.safetensors";

    /// <summary>Reads an adapter.</summary>
    /// <exception cref="InvalidDataException">A file is missing or broken.</exception>
    public static AdapterFolder Read(string folder)
    {
        var config = PeftConfig.Read(Path.Combine(folder, "adapter_config.json"));
        var weights = Open(folder, "adapter_model.safetensors");
        var layers = LoraTensors.Layers(weights);
        if (weights.Names.FirstOrDefault(name => !LoraTensors.IsOfLayer(name)) is { } other)
            throw new InvalidDataException(
                $"{weights.Source}: tensor '{other}' belongs to no decoder layer, so it would change the scores without being applied; "
                    + "train the LoRA on linear layers of decoder blocks alone.");
        if (!File.Exists(Path.Combine(folder, Extras)))
            return new AdapterFolder(LoraTensors.Read(weights, config.Shape(1, layers)), Gate.Uniform(1, DefaultWidth), null);
        var file = Open(folder, Extras);
        var gate = ReadGate(file);
        if (gate.Experts < 1 || config.Rank % gate.Experts != 0)
            throw new InvalidDataException($"{folder}: rank {config.Rank} is not a multiple of the gate's {gate.Experts} experts.");
        return new AdapterFolder(LoraTensors.Read(weights, config.Shape(gate.Experts, layers)), gate,
            file.Contains("projector.0.weight") ? ProjectorTensors.Read(file) : null);
    }

    /// <summary>Writes a folder that PEFT can load, as an ordinary LoRA (a uniform gate).</summary>
    /// <param name="snapshot">The version to export.</param>
    /// <param name="folder">The folder; it is created if missing.</param>
    /// <param name="backboneName">The value of <c>base_model_name_or_path</c>.</param>
    public static void Write(Snapshot snapshot, string folder, string backboneName)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "adapter_model.safetensors"),
            SafetensorsWriter.Write(LoraTensors.Write(snapshot.Lora),
                new Dictionary<string, string> { ["format"] = "pt", ["backbone"] = snapshot.Backbone }));
        File.WriteAllBytes(Path.Combine(folder, "adapter_config.json"), PeftConfig.Write(snapshot.Shape, backboneName));
        File.WriteAllBytes(Path.Combine(folder, Extras),
            SafetensorsWriter.Write(
                [.. GateTensors.Write(snapshot.Gate), .. ProjectorTensors.Write(snapshot.Projector), .. HeadTensors.Write(snapshot.Head)],
                GateTensors.Metadata(snapshot.Gate)));
    }

    private static SafetensorsFile Open(string folder, string name)
    {
        var file = SafetensorsFile.Open(Path.Combine(folder, name));
        FiniteCheck.Require(file);
        return file;
    }

    private static Gate ReadGate(SafetensorsFile file)
    {
        if (!file.Contains(GateTensors.Weight))
            return GateTensors.Read(file, file.MetadataNumber(GateTensors.Experts) ?? 1,
                file.MetadataNumber(GateTensors.Width) ?? DefaultWidth);
        var shape = file.Shape(GateTensors.Weight);
        return shape.Count == 2
            ? GateTensors.Read(file, shape[0], shape[1])
            : throw new InvalidDataException(
                $"{file.Source}: '{GateTensors.Weight}' has {shape.Count} dimensions, expected [experts, width]; retrain or export it "
                    + "again.");
    }
}
