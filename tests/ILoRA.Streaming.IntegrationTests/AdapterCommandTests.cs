using System.Text.Json;
using ILoRA.Streaming.IntegrationTests.Retail;
using ILoRA.Streaming.IntegrationTests.Workers;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests;

/// <summary>A LoRA that PEFT saved becomes a version that every command reads.</summary>
[Collection(RealServersCollection.Name)]
public sealed class AdapterCommandTests : IDisposable
{
    private readonly DirectoryInfo peft = Directory.CreateTempSubdirectory("ilora-peft");
    private readonly string prefix = $"adapters-{Guid.NewGuid():N}"[..17] + ".";

    [Fact]
    public async Task A_PEFT_folder_is_imported_verified_counted_exported_and_compared()
    {
        RealServersCollection.Required();
        var backbone = Golden.Own("llama");
        foreach (var file in new[] { "adapter_config.json", "adapter_model.safetensors" })
            File.Copy(Path.Combine(Golden.Own("ilora-llama"), file), Path.Combine(peft.FullName, file));
        var encoder = Path.Combine(Sample.Snapshot, "encoder.safetensors");
        (await IloraAsync("topics", "create")).Succeeded();

        var imported =
            (await IloraAsync("adapters", "import", peft.FullName, "--backbone", backbone, "--encoder", encoder, "--items", Sample.Items,
                "--line", "peft", "--json")).Succeeded();
        Assert.Equal("peft-000001", JsonDocument.Parse(imported).RootElement.GetProperty("version").GetString());

        (await IloraAsync("adapters", "verify", "peft", "--backbone", backbone)).Succeeded();
        var shown =
            JsonDocument.Parse((await IloraAsync("adapters", "show", "peft", "--backbone", backbone, "--json")).Succeeded()).RootElement;
        Assert.Equal("peft-000001", shown.GetProperty("manifest").GetProperty("version").GetString());
        Assert.Equal(0, shown.GetProperty("parameters").GetProperty("gate").GetInt64());
        Assert.True(shown.GetProperty("parameters").GetProperty("lora").GetInt64() > 0);

        var exported = Path.Combine(peft.FullName, "again");
        (await IloraAsync("adapters", "export", "peft", "--out", exported)).Succeeded();
        Assert.Equal(File.ReadAllBytes(Path.Combine(peft.FullName, "adapter_model.safetensors"))[^4096..],
            File.ReadAllBytes(Path.Combine(exported, "adapter_model.safetensors"))[^4096..]);

        var compared =
            JsonDocument.Parse(
                (await IloraAsync("adapters", "diff", "peft", exported, "--backbone", backbone, "--json")).Succeeded()).RootElement;
        Assert.All(compared.GetProperty("diff").GetProperty("parts").EnumerateArray(),
            part => Assert.True(part.GetProperty("equal").GetBoolean()));

        var refused =
            await IloraAsync("adapters", "import", peft.FullName, "--backbone", Sample.Backbone, "--encoder", encoder, "--items",
                Sample.Items, "--line", "peft");
        Assert.Equal(2, refused.ExitCode);
    }

    public void Dispose() => peft.Delete(recursive: true);

    private Task<ToolResult> IloraAsync(params IEnumerable<string> arguments) => Tool.RunAsync(
        Programs.Of("ILoRA.Streaming.Cli"), [.. arguments, "--bootstrap", Deployment.Bootstrap, "--redis", Deployment.Redis],
        new Dictionary<string, string> { ["ILORA__Namespace"] = prefix });
}
