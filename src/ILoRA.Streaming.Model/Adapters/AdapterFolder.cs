using System.Text.Json;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Adapters;

/// <summary>An adapter as PEFT opens it, with the gate and the projector beside it.</summary>
/// <param name="Lora">From <c>adapter_model.safetensors</c> and <c>adapter_config.json</c>.</param>
/// <param name="Gate">From <c>ilora.safetensors</c>; uniform where that has no <c>gate.weight</c>.</param>
/// <param name="Projector">From <c>ilora.safetensors</c>; null where the prompt is text alone.</param>
public sealed record AdapterFolder(LoraWeights Lora, Gate Gate, Projector? Projector)
{
    /// <summary>The width of the sequence vector where no gate says it.</summary>
    private const int DefaultWidth = 64;

    /// <exception cref="InvalidDataException">A file is missing or broken.</exception>
    public static AdapterFolder Read(string folder)
    {
        var config = PeftConfig.Read(Path.Combine(folder, "adapter_config.json"));
        var weights = SafetensorsFile.Open(Path.Combine(folder, "adapter_model.safetensors"));
        var extras = Path.Combine(folder, "ilora.safetensors");
        if (!File.Exists(extras))
            return new AdapterFolder(LoraTensors.Read(weights, config.Shape(1)), Gate.Uniform(1, DefaultWidth), null);
        var file = SafetensorsFile.Open(extras);
        var gate = file.Contains("gate.weight") ? ReadGate(file) : Gate.Uniform(1, DefaultWidth);
        if (config.Rank % gate.Experts != 0)
            throw new InvalidDataException($"{folder}: rank {config.Rank} is no multiple of the gate's {gate.Experts} experts.");
        return new AdapterFolder(LoraTensors.Read(weights, config.Shape(gate.Experts)), gate,
            file.Contains("projector.0.weight") ? ProjectorTensors.Read(file) : null);
    }

    /// <summary>Writes a folder that PEFT opens (as ordinary LoRA, the uniform gate).</summary>
    /// <param name="snapshot">The version to export.</param>
    /// <param name="folder">Made where missing.</param>
    /// <param name="backboneName">What <c>base_model_name_or_path</c> says.</param>
    public static void Write(Snapshot snapshot, string folder, string backboneName)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "adapter_model.safetensors"),
            SafetensorsWriter.Write(LoraTensors.Write(snapshot.Lora), new Dictionary<string, string> { ["format"] = "pt", ["backbone"] = snapshot.Backbone }));
        File.WriteAllBytes(Path.Combine(folder, "adapter_config.json"), PeftConfig.Write(snapshot.Shape, backboneName));
        var gate = snapshot.Gate.IsUniform ? [] : new[] { new Tensor("gate.weight", [snapshot.Gate.Experts, snapshot.Gate.Width], snapshot.Gate.Weight) };
        File.WriteAllBytes(Path.Combine(folder, "ilora.safetensors"),
            SafetensorsWriter.Write(gate.Concat(ProjectorTensors.Write(snapshot.Projector)).Concat(HeadTensors.Write(snapshot.Head)), null));
    }

    private static Gate ReadGate(SafetensorsFile file)
    {
        var shape = file.Shape("gate.weight");
        return shape.Count == 2
            ? new Gate(shape[0], shape[1], file.Read("gate.weight").Values)
            : throw new InvalidDataException($"{file.Source}: 'gate.weight' has {shape.Count} dimensions, expected [experts, width].");
    }
}

/// <summary>PEFT's <c>adapter_config.json</c>.</summary>
internal sealed record PeftConfig(int Rank, float Alpha, IReadOnlyList<LoraTarget> Targets)
{
    public AdapterShape Shape(int experts) => new(experts, Rank, Alpha, Targets);

    public static PeftConfig Read(string path)
    {
        if (!File.Exists(path))
            throw new InvalidDataException($"{path} does not exist; an adapter is a folder with adapter_config.json and adapter_model.safetensors.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 16 });
            var root = json.RootElement;
            var targets = root.GetProperty("target_modules").EnumerateArray().Select(name => LoraTargets.Parse(name.GetString() ?? "")).Distinct().Order().ToArray();
            var rank = root.GetProperty("r").GetInt32();
            var alpha = root.GetProperty("lora_alpha").GetSingle();
            return rank is >= 1 and <= 65_536 && alpha > 0 && targets.Length > 0
                ? new PeftConfig(rank, alpha, targets)
                : throw new InvalidDataException($"{path}: r {rank}, lora_alpha {alpha} and {targets.Length} target modules do not make an adapter.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"{path} is no valid adapter_config.json: {error.Message}", error);
        }
    }

    public static byte[] Write(AdapterShape shape, string backbone)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("peft_type", "LORA");
            json.WriteString("task_type", "CAUSAL_LM");
            json.WriteString("base_model_name_or_path", backbone);
            json.WriteNumber("r", shape.Rank);
            json.WriteNumber("lora_alpha", shape.Alpha);
            json.WriteNumber("lora_dropout", 0.0);
            json.WriteString("bias", "none");
            json.WriteBoolean("inference_mode", true);
            json.WriteStartArray("target_modules");
            foreach (var target in shape.Targets)
                json.WriteStringValue(LoraTargets.PeftName(target));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
