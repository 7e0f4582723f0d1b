using System.Text.Json.Nodes;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Tests.Model.Hostile;

namespace ILoRA.Streaming.Tests.Model.Backbones;

public sealed class BackboneConfigTests
{
    [Theory]
    [InlineData("model_type", "\"gemma\"", "'gemma' is not supported; supported: llama, mistral, qwen2, qwen3")]
    [InlineData("model_type", "\"qwen2\"", "'model.layers.0.self_attn.q_proj.bias' is missing")]
    [InlineData("model_type", "\"qwen3\"", "'model.layers.0.self_attn.q_norm.weight' is missing")]
    [InlineData("model_type", null, "'' is not supported")]
    [InlineData("model_type", "7", "no valid config.json")]
    [InlineData("quantization_config", """{"quant_method":"gptq","bits":4}""", "quantised by 'gptq' are not supported")]
    [InlineData("quantization_config", "7", "no valid config.json")]
    [InlineData("hidden_act", "\"gelu\"", "hidden_act 'gelu'")]
    [InlineData("attention_bias", "true", "attention_bias is true")]
    [InlineData("rope_scaling", """{"rope_type":"yarn","factor":4}""", "type 'yarn'")]
    [InlineData("rope_scaling", """{"rope_type":"llama3","factor":8}""", "no valid config.json")]
    [InlineData("rope_scaling",
        """{"rope_type":"llama3","factor":8,"low_freq_factor":4,"high_freq_factor":4,"original_max_position_embeddings":32}""",
        "no llama3 scaling")]
    [InlineData("hidden_size", null, "'hidden_size' is missing")]
    [InlineData("hidden_size", "0", "hidden_size is 0")]
    [InlineData("hidden_size", "64", "config.json asks for [512, 64]")]
    [InlineData("vocab_size", "1000000", "config.json asks for [1000000, 32]")]
    [InlineData("vocab_size", "1152921504606846976", "no valid config.json")]
    [InlineData("num_hidden_layers", "-1", "num_hidden_layers is -1")]
    [InlineData("num_hidden_layers", "4", "'model.layers.3.input_layernorm.weight' is missing")]
    [InlineData("num_attention_heads", "1000000", "heads of size 8 are too many")]
    [InlineData("num_key_value_heads", "3", "do not divide evenly")]
    [InlineData("head_dim", "7", "do not divide evenly")]
    [InlineData("head_dim", "2048", "head_dim is at most 1024")]
    [InlineData("rms_norm_eps", null, "no valid config.json")]
    [InlineData("rms_norm_eps", "0", "rms_norm_eps 0")]
    [InlineData("rope_theta", "1e400", "rope_theta")]
    [InlineData("tie_word_embeddings", "\"yes\"", "no valid config.json")]
    [InlineData("tie_word_embeddings", "false", "'lm_head.weight' is missing")]
    public void An_unsupported_configuration_is_refused_with_the_reason(string name, string? value, string reason)
    {
        using var folder = new BackboneCopy();
        folder.Change("config.json", json => json[name] = value is null ? null : JsonNode.Parse(value));

        var error = Assert.Throws<InvalidDataException>(() => Backbone.Load(folder.Path));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mistral", null, 12, 12)]
    [InlineData("mistral", null, null, 512)]
    [InlineData("llama", null, 600, 512)]
    public void A_sliding_window_limits_the_positions(string family, bool? flag, int? window, int positions)
    {
        using var folder = new BackboneCopy();
        folder.Change("config.json",
            json => (json["model_type"], json["use_sliding_window"], json["sliding_window"]) = (family, flag, window));
        Assert.Equal(positions, Backbone.Load(folder.Path).Config.MaxPositions);
    }

    [Fact]
    public void Rope_parameters_of_newer_files_are_read()
    {
        using var folder = new BackboneCopy();
        folder.Change("config.json", json =>
        {
            json.Remove("rope_theta");
            json["rope_parameters"] =
                JsonNode.Parse(
                    """{"rope_type":"llama3","rope_theta":500000,"factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":32}""");
        });

        var config = Backbone.Load(folder.Path).Config;

        Assert.Equal((500_000, new RopeScaling(8, 1, 4, 32)), (config.RopeTheta, config.RopeScaling));
    }

    [Fact]
    public void Rotary_tables_are_limited_where_the_declared_context_is_very_long()
    {
        using var folder = new BackboneCopy();
        folder.Change("config.json", json => json["max_position_embeddings"] = int.MaxValue);
        Assert.Equal(8192 * 4, RopeTable.Cos(Backbone.Load(folder.Path).Config).Length);
    }

    [Fact]
    public void A_backbone_is_read_back_as_written()
    {
        var source = Backbone.Load(Golden.Own("llama"));
        var scaled = source.Config with { RopeScaling = new RopeScaling(8, 1, 4, 32) };
        using var folder = new BackboneCopy();
        var tensors =
            Enumerable.Range(0, 3).SelectMany(layer => Enum.GetValues<LoraTarget>().Select(target => source.Linear(layer, target)))
            .Append(source.Embedding).Append(source.FinalNorm)
            .Concat(Enumerable.Range(0, 3).SelectMany(layer => new[] { source.InputNorm(layer), source.PostNorm(layer) }));

        BackboneFolder.Write(folder.Path, scaled, tensors, File.ReadAllBytes(Path.Combine(folder.Path, "tokenizer.json")));
        var again = Backbone.Load(folder.Path);

        Assert.Equal(scaled, again.Config);
        Assert.Equal(source.Linear(2, LoraTarget.Down).Values, again.Linear(2, LoraTarget.Down).Values);
        Assert.NotEqual(source.Hash, again.Hash);
    }
}
