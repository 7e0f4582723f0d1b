using System.Text.Json.Nodes;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Tests.Model.Adapters;

public sealed class PeftConfigTests : IDisposable
{
    private static readonly string Golden = TestKit.Golden.Own("ilora-llama");
    private readonly string folder = Directory.CreateTempSubdirectory("peft").FullName;

    [Theory]
    [InlineData("init_lora_weights", "\"pissa\"")]
    [InlineData("init_lora_weights", "\"pissa_niter_16\"")]
    [InlineData("init_lora_weights", "\"olora\"")]
    [InlineData("init_lora_weights", "\"loftq\"")]
    [InlineData("init_lora_weights", "\"corda\"")]
    [InlineData("init_lora_weights", "\"eva\"")]
    [InlineData("init_lora_weights", "\"lora_ga\"")]
    [InlineData("init_lora_weights", "\"mica\"")]
    [InlineData("init_lora_weights", "\"of_the_future\"")]
    [InlineData("peft_type", "\"LOHA\"")]
    [InlineData("task_type", "\"SEQ_CLS\"")]
    [InlineData("use_dora", "true")]
    [InlineData("use_qalora", "true")]
    [InlineData("use_bdlora", """{"nblocks":2}""")]
    [InlineData("fan_in_fan_out", "true")]
    [InlineData("lora_bias", "true")]
    [InlineData("bias", "\"all\"")]
    [InlineData("bias", "\"lora_only\"")]
    [InlineData("rank_pattern", """{"q_proj":4}""")]
    [InlineData("alpha_pattern", """{"q_proj":4}""")]
    [InlineData("modules_to_save", """["lm_head"]""")]
    [InlineData("trainable_token_indices", "[1,2]")]
    [InlineData("layers_to_transform", "[0]")]
    [InlineData("layers_to_transform", "0")]
    [InlineData("layers_pattern", "\"layers\"")]
    [InlineData("layer_replication", "[[0,1],[0,1]]")]
    [InlineData("target_parameters", """["mlp.experts"]""")]
    [InlineData("megatron_config", """{"a":1}""")]
    [InlineData("loftq_config", """{"loftq_bits":4}""")]
    [InlineData("eva_config", """{"rho":2.0}""")]
    [InlineData("corda_config", """{"corda_method":"ipm"}""")]
    [InlineData("lora_ga_config", """{"scale":"stable"}""")]
    [InlineData("velora_config", """{"scale":1.0}""")]
    [InlineData("monteclora_config", """{"num_samples":8}""")]
    [InlineData("kasa_config", """{"beta":1.0}""")]
    [InlineData("arrow_config", """{"top_k":3}""")]
    [InlineData("alora_invocation_tokens", "[5]")]
    [InlineData("ensure_weight_tying", "true")]
    [InlineData("a_field_of_the_future", "1")]
    [InlineData("a_field_of_the_future", "\"yes\"")]
    public void A_field_that_changes_the_arithmetic_is_refused_by_name_and_value(string name, string value)
    {
        Copy(name, value);
        var message = Assert.Throws<InvalidDataException>(() => AdapterFolder.Read(folder)).Message;
        Assert.Contains($"{name} {value} is not supported", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("init_lora_weights", "true")]
    [InlineData("init_lora_weights", "false")]
    [InlineData("init_lora_weights", "null")]
    [InlineData("init_lora_weights", "\"gaussian\"")]
    [InlineData("init_lora_weights", "\"orthogonal\"")]
    [InlineData("task_type", "null")]
    [InlineData("use_dora", "false")]
    [InlineData("use_bdlora", "null")]
    [InlineData("rank_pattern", "{}")]
    [InlineData("rank_pattern", "null")]
    [InlineData("modules_to_save", "null")]
    [InlineData("layers_to_transform", "[]")]
    [InlineData("loftq_config", "{}")]
    [InlineData("megatron_core", "\"megatron.core\"")]
    [InlineData("qalora_group_size", "16")]
    [InlineData("lora_dropout", "0.05")]
    [InlineData("auto_mapping", """{"base_model_class":"LlamaForCausalLM","parent_library":"transformers"}""")]
    [InlineData("peft_version", "\"0.19.0\"")]
    [InlineData("revision", "\"main\"")]
    [InlineData("a_field_of_the_future", "null")]
    [InlineData("a_field_of_the_future", "false")]
    public void Nulls_defaults_and_fields_for_training_only_are_accepted(string name, string value)
    {
        Copy(name, value);
        Assert.Equal(32f / 8, AdapterFolder.Read(folder).Lora.Shape.Scale);
    }

    [Theory]
    [InlineData("\"all-linear\"", "q k v o gate up down")]
    [InlineData("\"ALL-LINEAR\"", "q k v o gate up down")]
    [InlineData("""[".*proj"]""", null)]
    [InlineData("""["q_proj","v_proj"]""", "q v")]
    [InlineData("""["self_attn.q_proj","mlp.down_proj"]""", "q down")]
    [InlineData("""["model.layers.0.self_attn.q_proj","layers.1.self_attn.q_proj","2.self_attn.q_proj"]""", "q")]
    [InlineData("""["model.layers.0.self_attn.q_proj"]""", null)]
    [InlineData("""["q"]""", null)]
    [InlineData("""["q_proj","c_attn"]""", null)]
    [InlineData("""["q_proj","lm_head"]""", null)]
    [InlineData("""["q_proj","embed_tokens"]""", null)]
    [InlineData("[]", null)]
    [InlineData("null", "q v")]
    [InlineData("7", null)]
    [InlineData("\".*_proj\"", "q k v o gate up down")]
    [InlineData("\".*q_proj|.*v_proj\"", "q v")]
    [InlineData("\"q_proj\"", null)]
    [InlineData("\".*\\\\.(self_attn)\\\\.(q|k|v|o)_proj$\"", "q k v o")]
    [InlineData("\"^(?!.*lm_head).*\\\\.(gate|up)_proj\\\\Z\"", "gate up")]
    [InlineData("\"model\\\\.layers\\\\.(?P<layer>\\\\d+)\\\\.mlp\\\\.down_proj\"", "down")]
    [InlineData("\"model\\\\.layers\\\\.0\\\\..*_proj\"", null)]
    [InlineData("\".*(lm_head|q_proj)\"", null)]
    [InlineData("\".*(\"", null)]
    public void Target_modules_select_the_modules_that_PEFT_selects(string value, string? targets)
    {
        string[]? expected = targets?.Split(' ');
        Copy("target_modules", value, keep: expected);
        if (expected is null)
            Assert.Contains("target_modules", Assert.Throws<InvalidDataException>(() => AdapterFolder.Read(folder)).Message,
                StringComparison.Ordinal);
        else
            Assert.Equal(expected, AdapterFolder.Read(folder).Lora.Shape.Targets.Select(LoraTargets.ShortName));
    }

    [Theory]
    [InlineData("""["o_proj","mlp.up_proj"]""", "q k v gate down")]
    [InlineData("\".*mlp.*\"", "q k v o")]
    [InlineData("\"\"", "q k v o gate up down")]
    public void Excluded_modules_are_not_adapted(string value, string targets)
    {
        Copy("exclude_modules", value, keep: targets.Split(' '));
        Assert.Equal(targets.Split(' '), AdapterFolder.Read(folder).Lora.Shape.Targets.Select(LoraTargets.ShortName));
    }

    [Fact]
    public void An_expression_that_takes_too_long_is_refused()
    {
        Copy("target_modules", """
            "(([a-z.0-9_]+)+)+!"
            """);
        Assert.Contains("too long", Assert.Throws<InvalidDataException>(() => AdapterFolder.Read(folder)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", 11.313708)]
    [InlineData("false", 4)]
    public void Rank_stabilised_LoRA_is_scaled_by_alpha_over_the_root_of_the_rank(string value, double scale)
    {
        Copy("use_rslora", value);
        Assert.Equal(scale, AdapterFolder.Read(folder).Lora.Shape.Scale, 5);
    }

    [Theory]
    [InlineData("base_model.model.lm_head.lora_A.weight")]
    [InlineData("base_model.model.model.embed_tokens.weight")]
    public void Tensors_outside_the_decoder_layers_are_refused_by_name(string name)
    {
        Copy("use_dora", "false", extra: new Tensor(name, [2, 2], new float[4]));
        Assert.Contains($"'{name}'", Assert.Throws<InvalidDataException>(() => AdapterFolder.Read(folder)).Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, true);

    private void Copy(string field, string value, string[]? keep = null, Tensor? extra = null)
    {
        File.Copy(Path.Combine(Golden, "ilora.safetensors"), Path.Combine(folder, "ilora.safetensors"), overwrite: true);
        var weights = SafetensorsFile.Open(Path.Combine(Golden, "adapter_model.safetensors"));
        var kept =
            weights.Names.Where(name => keep is null || keep.Any(target => name.Contains($".{target}_proj.", StringComparison.Ordinal)))
                .Select(weights.Read);
        File.WriteAllBytes(Path.Combine(folder, "adapter_model.safetensors"),
            SafetensorsWriter.Write(extra is null ? kept : kept.Append(extra), weights.Metadata));
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Golden, "adapter_config.json")))!.AsObject();
        json[field] = JsonNode.Parse(value);
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), json.ToJsonString());
    }
}
