using System.Text.Json.Nodes;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Model.Hostile;

/// <summary>A copy of the small golden backbone in a temporary folder, to be damaged.</summary>
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

    public void Dispose() => Directory.Delete(Path, true);
}
