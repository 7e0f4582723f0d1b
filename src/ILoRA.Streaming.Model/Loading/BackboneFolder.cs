using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Loading;

/// <summary>Writes a backbone as a Hugging Face folder.</summary>
public static class BackboneFolder
{
    /// <summary>Writes the folder of a new model.</summary>
    /// <param name="folder">The folder; it is created if missing.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="tensors">The weights under Hugging Face's names (<c>model.embed_tokens.weight</c> ...).</param>
    /// <param name="tokenizerJson">The bytes of tokenizer.json, from <see cref="BytePairTrainer"/>.</param>
    public static void Write(string folder, BackboneConfig config, IEnumerable<Tensor> tensors, byte[] tokenizerJson)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "config.json"), BackboneConfigFile.Write(config));
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), SafetensorsWriter.Write(tensors, PyTorch));
        File.WriteAllBytes(Path.Combine(folder, TokenizerContent.Json), tokenizerJson);
    }

    /// <summary>Writes a loaded backbone in float32, for example to convert a GGUF file for other tools.</summary>
    /// <param name="folder">The folder; it is created if missing.</param>
    /// <param name="backbone">The backbone; only its loaded layers are written.</param>
    public static void Write(string folder, Backbone backbone)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "config.json"), BackboneConfigFile.Write(backbone.Config));
        using (var file = File.Create(Path.Combine(folder, "model.safetensors")))
            SafetensorsWriter.Write(file, [.. BackboneTensor.All(backbone.Config).Select(tensor => (tensor.Name, tensor.Shape))],
                backbone.Read, PyTorch);
        File.WriteAllBytes(Path.Combine(folder, backbone.Tokenizer.Content.Name), backbone.Tokenizer.Content.Bytes);
    }

    private static Dictionary<string, string> PyTorch => new() { ["format"] = "pt" };
}
