using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Loading;

/// <summary>Writes a backbone as a Hugging Face folder.</summary>
public static class BackboneFolder
{
    /// <param name="folder">Made where missing.</param>
    /// <param name="config">The shape.</param>
    /// <param name="tensors">Under Hugging Face's names (<c>model.embed_tokens.weight</c> ...).</param>
    /// <param name="tokenizerJson">The bytes of tokenizer.json, from <see cref="BytePairTrainer"/>.</param>
    public static void Write(string folder, BackboneConfig config, IEnumerable<Tensor> tensors, byte[] tokenizerJson)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "config.json"), BackboneConfigFile.Write(config));
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), SafetensorsWriter.Write(tensors, PyTorch));
        File.WriteAllBytes(Path.Combine(folder, TokenizerContent.Json), tokenizerJson);
    }

    /// <summary>A loaded backbone as a folder of its own, in float32: what a GGUF file holds, for other tools to open.</summary>
    /// <param name="folder">Made where missing.</param>
    /// <param name="backbone">Its layers as they were loaded.</param>
    public static void Write(string folder, Backbone backbone)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "config.json"), BackboneConfigFile.Write(backbone.Config));
        using (var file = File.Create(Path.Combine(folder, "model.safetensors")))
            SafetensorsWriter.Write(file, [.. BackboneTensor.All(backbone.Config).Select(tensor => (tensor.Name, tensor.Shape))], backbone.Read, PyTorch);
        File.WriteAllBytes(Path.Combine(folder, backbone.Tokenizer.Content.Name), backbone.Tokenizer.Content.Bytes);
    }

    private static Dictionary<string, string> PyTorch => new() { ["format"] = "pt" };
}
