using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Tests.Model.Hostile;

namespace ILoRA.Streaming.Tests.Model.Backbones;

public sealed class BackboneFolderTests
{
    [Theory]
    [InlineData("llama")]
    [InlineData("qwen2-bf16-sharded")]
    public void A_backbone_written_as_a_folder_is_the_same_one(string name)
    {
        Assert.SkipWhen(Golden.Find(name) is null, Golden.Missing);
        var source = Backbone.Load(Golden.Find(name)!);
        using var folder = new BackboneCopy();

        BackboneFolder.Write(folder.Path, source);
        var again = Backbone.Load(folder.Path);

        Assert.Equal(source.Config, again.Config);
        Assert.All(BackboneTensor.All(source.Config),
            tensor => Assert.Equal(source.Read(tensor.Name).Values, again.Read(tensor.Name).Values));
        Assert.Equal(source.Tokenizer.Encode("RED <|item|> mug"), again.Tokenizer.Encode("RED <|item|> mug"));
    }

    [Fact]
    public void A_GGUF_file_written_as_a_folder_is_the_same_model()
    {
        Assert.SkipWhen(Golden.SmolLm2 is null, Golden.Missing);
        var source = Backbone.Load(Golden.SmolLm2!, 2);
        using var folder = new BackboneCopy();

        BackboneFolder.Write(folder.Path, source);
        var again = Backbone.Load(folder.Path);

        Assert.Equal(source.Config, again.Config);
        Assert.Equal(source.Linear(1, LoraTarget.Q).Values, again.Linear(1, LoraTarget.Q).Values);
        Assert.Equal(source.Tokenizer.Encode("Café 12 <|im_end|>"), again.Tokenizer.Encode("Café 12 <|im_end|>"));
    }

    [Fact]
    public void Loading_fewer_layers_changes_the_hash_and_loading_all_of_them_does_not()
    {
        var whole = Backbone.Load(Golden.Own("llama"));
        var two = Backbone.Load(Golden.Own("llama"), 2);

        Assert.Equal((2, 3), (two.Config.Layers, whole.Config.Layers));
        Assert.Equal(whole.Linear(1, LoraTarget.Up).Values, two.Linear(1, LoraTarget.Up).Values);
        Assert.NotEqual(whole.Hash, two.Hash);
        Assert.Equal(whole.Hash, Backbone.Load(Golden.Own("llama"), 3).Hash);
    }

    [Fact]
    public void Random_weights_keep_only_shapes_mean_squares_and_tokens()
    {
        var (trained, random, again) =
            (Backbone.Load(Golden.Own("llama")), Backbone.Load(Golden.Own("llama"), randomSeed: 7),
                Backbone.Load(Golden.Own("llama"), randomSeed: 7));

        Assert.Equal(trained.Config, random.Config);
        Assert.Equal(trained.Tokenizer.Encode("RED <|item|> mug"), random.Tokenizer.Encode("RED <|item|> mug"));
        Assert.All(BackboneTensor.All(trained.Config).Reverse(),
            tensor => Assert.Equal(random.Read(tensor.Name).Values, again.Read(tensor.Name).Values));
        Assert.All(BackboneTensor.All(trained.Config).Where(tensor => tensor.Shape.Count == 2), tensor =>
        {
            var (ours, theirs) = (random.Read(tensor.Name).Values, trained.Read(tensor.Name).Values);
            Assert.Equal(1, ours.Sum(value => value * value) / theirs.Sum(value => value * value), 0.15);
            Assert.InRange(Math.Abs(TensorPrimitives.CosineSimilarity<float>(ours, theirs)), 0, 0.15f);
        });
        Assert.All(random.InputNorm(0).Values.Concat(random.FinalNorm.Values), value => Assert.Equal(1, value));
        Assert.NotEqual(random.Linear(0, LoraTarget.Q).Values, random.Linear(1, LoraTarget.Q).Values);
    }

    [Fact]
    public void Random_weights_of_each_seed_have_another_hash()
    {
        string[] hashes = [.. new int?[] { null, 0, 1 }.Select(seed => Backbone.Load(Golden.Own("llama"), randomSeed: seed).Hash),
            Backbone.Load(Golden.Own("llama"), 2, 1).Hash];
        Assert.Equal(4, hashes.Distinct().Count());
        Assert.EndsWith("all drawn anew by seed 1 (a control)", Backbone.Load(Golden.Own("llama"), randomSeed: 1).Summary.ToString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_number_of_layers_that_the_model_does_not_have_is_refused(int layers) =>
        Assert.Contains("has 3 layers", Assert.Throws<InvalidDataException>(() => Backbone.Load(Golden.Own("llama"), layers)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void The_summary_describes_a_backbone_in_one_line() =>
        Assert.Equal("llama, 3 layers of 32, 0.04 M parameters, stored as F32 in 0.17 MB",
            Backbone.Load(Golden.Own("llama")).Summary.ToString());

    [Fact]
    public void A_missing_path_is_refused_with_what_is_expected() =>
        Assert.Contains("or a GGUF file", Assert.Throws<InvalidDataException>(() => Backbone.Load("/nowhere/model.gguf")).Message,
            StringComparison.Ordinal);
}
