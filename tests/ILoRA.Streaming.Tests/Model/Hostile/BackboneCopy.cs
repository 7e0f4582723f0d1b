using System.Text.Json.Nodes;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Tests.Model.Backbones;

namespace ILoRA.Streaming.Tests.Model.Hostile;

/// <summary>A copy of the small golden backbone in a temporary folder, for tests that damage its files.</summary>
internal sealed class BackboneCopy : IDisposable
{
    public BackboneCopy()
    {
        foreach (var file in (string[])["config.json", "model.safetensors", "tokenizer.json"])
            File.Copy(System.IO.Path.Combine(Golden.Own("llama"), file), System.IO.Path.Combine(Path, file));
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("backbone").FullName;

    public void Change(string file, Action<JsonObject> change)
    {
        var path = System.IO.Path.Combine(Path, file);
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    /// <summary>Splits the weights over two files with an index.</summary>
    public void Shard()
    {
        var whole = SafetensorsFile.Open(System.IO.Path.Combine(Golden.Own("llama"), "model.safetensors"));
        var map = new JsonObject();
        foreach (var (number, names) in whole.Names.Order(StringComparer.Ordinal).Chunk(whole.Names.Count / 2 + 1).Index())
        {
            File.WriteAllBytes(System.IO.Path.Combine(Path, $"{number}.safetensors"),
                SafetensorsWriter.Write(names.Select(whole.Read), null));
            foreach (var name in names)
                map[name] = $"{number}.safetensors";
        }
        File.WriteAllText(System.IO.Path.Combine(Path, "model.safetensors.index.json"),
            new JsonObject { ["weight_map"] = map }.ToJsonString());
    }

    /// <summary>Replaces tokenizer.json by a small SentencePiece model.</summary>
    public void UseSentencePiece()
    {
        File.Delete(System.IO.Path.Combine(Path, TokenizerContent.Json));
        var content = SentencePieceFile.Write(SentencePieceTests.Pieces, true);
        File.WriteAllBytes(System.IO.Path.Combine(Path, content.Name), content.Bytes);
    }

    public void Dispose() => Directory.Delete(Path, true);
}
