using System.Text.Json.Nodes;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Tests.Model.Snapshots;

namespace ILoRA.Streaming.Tests.Model.Adapters;

public sealed class AdapterFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("adapter").FullName;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void An_adapter_is_read_back_as_written(int seed)
    {
        var snapshot = RandomSnapshot.Create(seed);
        AdapterFolder.Write(snapshot, folder, "small");
        var again = AdapterFolder.Read(folder);

        Assert.Equal(snapshot.Gate.Kind, again.Gate.Kind);
        Assert.Equal(snapshot.Gate.Weight, again.Gate.Weight);
        Assert.Equal(snapshot.Gate.Hidden?.Weight, again.Gate.Hidden?.Weight);
        Assert.Equal(snapshot.Gate.Hidden?.Bias, again.Gate.Hidden?.Bias);
        Assert.Equal((snapshot.Gate.Experts, snapshot.Gate.Width), (again.Gate.Experts, again.Gate.Width));
        Assert.Equal(snapshot.Projector.Weight2, again.Projector!.Weight2);
        Assert.Equal((snapshot.Shape.Rank, snapshot.Shape.Alpha), (again.Lora.Shape.Rank, again.Lora.Shape.Alpha));
        Assert.Equal(snapshot.Shape.Targets, again.Lora.Shape.Targets);
        Assert.All(snapshot.Lora.Pairs, pair => Assert.Equal(pair.Value.A, again.Lora.Pairs[pair.Key].A));

        var bytes = Files();
        AdapterFolder.Write(snapshot with { Gate = again.Gate, Lora = again.Lora, Projector = again.Projector }, folder, "small");
        Assert.Equal(bytes, Files());

        byte[][] Files() => [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    }

    [Theory]
    [InlineData("gate.hidden.weight", "'gate.hidden.weight' is [5], expected [4, 4]")]
    [InlineData("gate.hidden.bias", "'gate.hidden.bias' is [5], expected [4]")]
    [InlineData("gate.weight", "'gate.weight' has 1 dimensions, expected [experts, width]")]
    public void A_gate_of_a_wrong_shape_is_refused_by_name_and_with_the_remedy(string name, string reason)
    {
        AdapterFolder.Write(RandomSnapshot.Create(3), folder, "small");
        var path = Path.Combine(folder, "ilora.safetensors");
        var file = SafetensorsFile.Parse(File.ReadAllBytes(path), path);
        File.WriteAllBytes(path,
            SafetensorsWriter.Write(file.Names.Select(tensor => tensor == name ? new Tensor(name, [5], new float[5]) : file.Read(tensor)),
                file.Metadata));
        var error = Assert.Throws<InvalidDataException>(() => AdapterFolder.Read(folder));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("; retrain or ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r", "0")]
    [InlineData("r", "16")]
    [InlineData("lora_alpha", "1e300")]
    public void An_invalid_rank_or_alpha_is_refused(string name, string value)
    {
        CopyGolden(json => json[name] = JsonNode.Parse(value));
        Assert.Throws<InvalidDataException>(() => AdapterFolder.Read(folder));
    }

    [Theory]
    [InlineData("lora_alpha", "null")]
    [InlineData("lora_alpha", "\"32\"")]
    [InlineData("r", "null")]
    public void A_field_that_is_not_a_number_is_refused_by_name_and_with_the_remedy(string name, string value)
    {
        CopyGolden(json => json[name] = JsonNode.Parse(value));
        Assert.Contains(
            $"adapter_config.json: {name} is {value}, a number is needed; write the one that the adapter was trained with (PEFT's "
                + "default is 8).",
            Assert.Throws<InvalidDataException>(() => AdapterFolder.Read(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absent_alpha_has_PEFTs_default()
    {
        CopyGolden(json => json.Remove("lora_alpha"));
        Assert.Equal(8, AdapterFolder.Read(folder).Lora.Shape.Alpha);
    }

    [Fact]
    public void Factors_of_a_layer_that_the_configuration_does_not_name_are_refused()
    {
        CopyGolden(json => json["target_modules"] = new JsonArray("q_proj"));
        Assert.Contains("belongs to none", Assert.Throws<InvalidDataException>(() => AdapterFolder.Read(folder)).Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, true);

    private void CopyGolden(Action<JsonObject> change)
    {
        foreach (var name in (string[])["adapter_model.safetensors", "ilora.safetensors"])
            File.Copy(Path.Combine(Golden.Own("ilora-llama"), name), Path.Combine(folder, name));
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Golden.Own("ilora-llama"), "adapter_config.json")))!.AsObject();
        change(json);
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), json.ToJsonString());
    }
}
