using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Tests.Model.Hostile;
using Xunit;

namespace ILoRA.Streaming.Tests.Inference;

public sealed class GraphWeightsTests
{
    private static readonly GraphShape NoAdapter = new(1, []);

    [Fact]
    public void Weights_of_a_real_model_are_written_once_and_then_only_placed()
    {
        using var folder = new BackboneCopy();
        var backbone = Large(folder);
        byte[] model;
        string file;
        using (var first = GraphWeights.Of(backbone, GraphPrecision.Fast))
        {
            model = first.Complete(() => LlamaGraph.Write(backbone, NoAdapter, GraphPrecision.Fast, first));
            file = Path.Combine(first.Folder, GraphWeights.FileName);
            Assert.StartsWith(Path.Combine(folder.Path, ".ilora"), first.Folder, StringComparison.Ordinal);
        }
        var written = File.GetLastWriteTimeUtc(file);

        using var second = GraphWeights.Of(backbone, GraphPrecision.Fast);
        var again = second.Complete(() => LlamaGraph.Write(backbone, NoAdapter, GraphPrecision.Fast, second));

        Assert.Equal(model, again);
        Assert.Equal((written, second.Bytes), (File.GetLastWriteTimeUtc(file), new FileInfo(file).Length));
    }

    [Fact]
    public void A_stored_file_of_another_size_is_written_anew()
    {
        using var folder = new BackboneCopy();
        var backbone = Large(folder);
        using var weights = GraphWeights.Of(backbone, GraphPrecision.Fast);
        weights.Complete(() => LlamaGraph.Write(backbone, NoAdapter, GraphPrecision.Fast, weights));
        var file = Path.Combine(weights.Folder, GraphWeights.FileName);
        File.WriteAllText(file, "cut");

        using var again = GraphWeights.Of(backbone, GraphPrecision.Fast);
        again.Complete(() => LlamaGraph.Write(backbone, NoAdapter, GraphPrecision.Fast, again));

        Assert.Equal(weights.Bytes, new FileInfo(file).Length);
        Assert.Equal([file], Directory.GetFiles(weights.Folder));
    }

    [Fact]
    public void Weights_of_a_small_model_go_with_the_session()
    {
        var backbone = Backbone.Load(Golden.Own("llama"));
        string folder;
        using (var weights = GraphWeights.Of(backbone, GraphPrecision.Fast))
            folder = weights.Folder;
        Assert.False(Directory.Exists(folder));
        Assert.False(Directory.Exists(Path.Combine(backbone.Folder, ".ilora")));
    }

    // The small llama with a vocabulary of half a million.
    private static Backbone Large(BackboneCopy folder)
    {
        var source = Backbone.Load(folder.Path);
        var config = source.Config with { Vocabulary = 1 << 19 };
        var embedding = source.Embedding with { Shape = [config.Vocabulary, config.Hidden], Values = new float[config.Vocabulary * config.Hidden] };
        var tensors = BackboneTensor.All(source.Config).Select(tensor => tensor.Name == BackboneTensor.Embedding ? embedding : source.Read(tensor.Name)).ToList();
        BackboneFolder.Write(folder.Path, config, tensors, File.ReadAllBytes(Path.Combine(folder.Path, "tokenizer.json")));
        return Backbone.Load(folder.Path);
    }
}
