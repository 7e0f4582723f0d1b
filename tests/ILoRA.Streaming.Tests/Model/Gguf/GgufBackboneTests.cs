using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Model.Gguf;

public sealed class GgufBackboneTests : IDisposable
{
    // Llama 3's base; with it the lowest frequency is divided by the whole factor.
    private const double Theta = 500_000;

    private readonly string file = Path.Combine(Directory.CreateTempSubdirectory("gguf").FullName, "model.gguf");

    [Theory]
    [InlineData("llama")]
    [InlineData("qwen2-bf16-sharded")]
    public void A_GGUF_file_has_the_configuration_weights_and_tokens_of_its_source(string name)
    {
        Assert.SkipWhen(Golden.Find(name) is null, Golden.Missing);
        var source = Backbone.Load(Golden.Find(name)!);
        var loaded = Load(Of(source));

        Assert.Equal(source.Config, loaded.Config);
        Assert.All(BackboneTensor.All(source.Config),
            tensor => Assert.Equal(source.Read(tensor.Name).Values, loaded.Read(tensor.Name).Values));
        Assert.Equal(source.Tokenizer.Encode("RED MUG 12 <|item|> é"), loaded.Tokenizer.Encode("RED MUG 12 <|item|> é"));
    }

    [Fact]
    public void Llama_3_factors_are_recognised_as_its_scaling()
    {
        var scaling = new RopeScaling(32, 1, 4, 8192);
        var loaded = Load(Llama(Theta).Tensor("rope_freqs.weight", Divisors(scaling)));
        Assert.Equal(scaling, loaded.Config.RopeScaling);
    }

    [Fact]
    public void Factors_of_another_scaling_are_refused() =>
        Refused(Llama(Theta).Tensor("rope_freqs.weight", Divisors(new RopeScaling(32, 1, 2, 8192))),
            "rope_freqs.weight is not Llama 3's scaling");

    [Fact]
    public void Unsupported_metadata_is_refused_with_the_reason()
    {
        Refused(new GgufBuilder().Text("general.architecture", "mamba"),
            "architecture 'mamba' is not supported; supported: llama, qwen2, qwen3");
        Refused(Llama().Integer("llama.expert_count", 8), "mixture of 8");
        Refused(Llama().Integer("llama.rope.dimension_count", 4), "4 rotated dimensions are not supported");
        Refused(Llama().Text("llama.rope.scaling.type", "yarn").Number("llama.rope.scaling.factor", 4), "'yarn' is not supported");
        Refused(Llama().Text("general.architecture", "llama"), "'general.architecture' twice");
        Refused(new GgufBuilder().Text("general.architecture", "llama"), "'llama.embedding_length' is missing");
    }

    [Fact]
    public void A_sliding_window_limits_the_positions() =>
        Assert.Equal(16, Load(Llama().Integer("llama.attention.sliding_window", 16)).Config.MaxPositions);

    [Theory]
    [InlineData(1u, "version 1")]
    [InlineData(0x03000000u, "little-endian")]
    public void An_unsupported_version_is_refused(uint version, string reason)
    {
        File.WriteAllBytes(file, Llama().Build(version));
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Backbone.Load(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_truncated_at_any_length_is_refused()
    {
        var whole = Llama().Build();
        for (var length = 0; length < whole.Length; length += length < 200 ? 1 : 997)
        {
            File.WriteAllBytes(file, whole[..length]);
            Assert.Throws<InvalidDataException>(() => Backbone.Load(file));
        }
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(file)!, true);

    private static GgufBuilder Llama(double? theta = null) => Of(Backbone.Load(Golden.Own("llama")), theta);

    private static GgufBuilder Of(Backbone source, double? theta = null) =>
        GgufBuilder.Of(source, File.ReadAllText(Path.Combine(Golden.Own("llama"), "tokenizer.json")), theta);

    // The frequencies of a head of size 8: theta^(-2 i / 8), i in 0..3.
    private static Tensor Divisors(RopeScaling scaling)
    {
        float[] divisors = [.. Enumerable.Range(0, 4).Select(i => Math.Pow(Theta, -2.0 * i / 8))
            .Select(frequency => (float)(frequency / RopeTable.Scaled(frequency, scaling)))];
        return new Tensor("rope_freqs.weight", [4], divisors);
    }

    private Backbone Load(GgufBuilder builder)
    {
        File.Delete(file);
        File.WriteAllBytes(file, builder.Build());
        return Backbone.Load(file);
    }

    private void Refused(GgufBuilder builder, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Load(builder)).Message, StringComparison.Ordinal);
}
