using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Backbones;

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
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), SafetensorsWriter.Write(tensors, new Dictionary<string, string> { ["format"] = "pt" }));
        File.WriteAllBytes(Path.Combine(folder, "tokenizer.json"), tokenizerJson);
    }
}
