using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Tests.Model.Hostile;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Tests.Inference;

public sealed class GraphWeightsTests : IDisposable
{
    private static readonly GraphShape NoAdapter = new(1, []);
    private readonly BackboneCopy folder = new();
    private readonly string place = Directory.CreateTempSubdirectory("weight-cache").FullName;

    [Fact]
    public void Weights_of_a_large_model_are_written_to_the_cache_once()
    {
        var backbone = Large();
        var before = Directory.GetFileSystemEntries(folder.Path);
        byte[] model;
        string file;
        using (var first = GraphWeights.Of(backbone, GraphPrecision.Fast, Cache()))
        {
            model = Complete(backbone, first);
            file = Path.Combine(first.Folder, GraphWeights.FileName);
            Assert.Equal(place, Path.GetDirectoryName(first.Folder));
            Assert.True(Assert.Single(Cache().List()).InUse);
        }
        var written = File.GetLastWriteTimeUtc(file);

        using var second = GraphWeights.Of(backbone, GraphPrecision.Fast, Cache());
        var again = Complete(backbone, second);

        Assert.Equal(model, again);
        Assert.Equal((written, second.Bytes), (File.GetLastWriteTimeUtc(file), new FileInfo(file).Length));
        Assert.Equal(before, Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_cached_file_of_another_size_is_replaced_and_the_partial_file_of_a_killed_process_is_removed()
    {
        var backbone = Large();
        var weights = GraphWeights.Of(backbone, GraphPrecision.Fast, Cache());
        Complete(backbone, weights);
        weights.Dispose();
        var file = Path.Combine(weights.Folder, GraphWeights.FileName);
        File.WriteAllText(file, "cut");
        File.WriteAllText(Path.Combine(weights.Folder, "abandoned.part"), "half");

        using var again = GraphWeights.Of(backbone, GraphPrecision.Fast, Cache());
        Complete(backbone, again);

        Assert.Equal(weights.Bytes, new FileInfo(file).Length);
        Assert.Equal(["weights.bin"], Directory.GetFiles(weights.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_partial_file_that_another_process_is_writing_is_not_removed()
    {
        var backbone = Large();
        using var weights = GraphWeights.Of(backbone, GraphPrecision.Fast, Cache());
        var written = Path.Combine(weights.Folder, "others.part");
        File.WriteAllText(written, "complete, about to be renamed");

        using var other = GraphWeights.Of(backbone, GraphPrecision.Fast, Cache());
        Complete(backbone, other);

        Assert.True(File.Exists(written));
    }

    [Fact]
    public void Concurrent_conversions_of_the_same_model_all_give_complete_files()
    {
        var backbone = Large();
        byte[][] models = [.. Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).Select(_ =>
        {
            using var weights = GraphWeights.Of(backbone, GraphPrecision.Fast, Cache());
            return Complete(backbone, weights);
        })];
        Assert.All(models, model => Assert.Equal(models[0], model));
        var entry = Path.Combine(place, Assert.Single(Cache().List()).Key);
        Assert.Equal(["weights.bin"], Directory.GetFiles(entry).Select(Path.GetFileName));
    }

    [Fact]
    public void Weights_that_do_not_fit_in_the_cache_are_temporary()
    {
        var backbone = Large();
        string used;
        using (var weights = GraphWeights.Of(backbone, GraphPrecision.Fast, Cache(maxGiB: 0.01)))
        {
            Complete(backbone, weights);
            used = weights.Folder;
            Assert.Equal(weights.Bytes, new FileInfo(Path.Combine(used, GraphWeights.FileName)).Length);
            weights.RemoveTemporary();
            Assert.False(Directory.Exists(used));
        }
        Assert.Empty(Cache().List());
    }

    [Fact]
    public void Weights_whose_entry_cannot_be_written_go_with_the_session()
    {
        var backbone = Large();
        using var weights = GraphWeights.Of(backbone, GraphPrecision.Fast, Cache());
        var entry = weights.Folder;
        Directory.Delete(entry, recursive: true);

        Complete(backbone, weights);

        Assert.NotEqual(entry, weights.Folder);
        Assert.Equal(weights.Bytes, new FileInfo(Path.Combine(weights.Folder, GraphWeights.FileName)).Length);
        Assert.Empty(Cache().List());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_logged_as_one_warning()
    {
        var logs = new Logs();
        var unwritable = Path.Combine(place, "file");
        File.WriteAllText(unwritable, "no folder");
        var cache =
            new WeightCache(Options.Create(new WeightCacheOptions { Folder = Path.Combine(unwritable, "cache") }), TimeProvider.System,
                logs);
        var backbone = Large();
        for (var start = 0; start < 2; start++)
            using (var weights = GraphWeights.Of(backbone, GraphPrecision.Fast, cache))
                Assert.False(weights.Folder.StartsWith(place, StringComparison.Ordinal));
        Assert.Contains("Cache:Folder", Assert.Single(logs.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_and_the_size_of_cached_weights_are_logged_once()
    {
        var logs = new Logs();
        var cache = new WeightCache(Options.Create(new WeightCacheOptions { Folder = place }), TimeProvider.System, logs);
        var backbone = Large();
        for (var start = 0; start < 2; start++)
            using (var weights = GraphWeights.Of(backbone, GraphPrecision.Fast, cache))
                Complete(backbone, weights);
        var line = Assert.Single(logs.Lines);
        Assert.Contains(place, line, StringComparison.Ordinal);
        Assert.Matches("[0-9]+ MB", line);
    }

    [Fact]
    public void Weights_of_a_small_model_are_temporary()
    {
        var backbone = Backbone.Load(Golden.Own("llama"));
        string temporary;
        using (var weights = GraphWeights.Of(backbone, GraphPrecision.Fast, Cache()))
            temporary = weights.Folder;
        Assert.False(Directory.Exists(temporary));
        Assert.Empty(Directory.GetFileSystemEntries(place));
    }

    public void Dispose()
    {
        folder.Dispose();
        Directory.Delete(place, true);
    }

    private static byte[] Complete(Backbone backbone, GraphWeights weights) =>
        weights.Complete(() => LlamaGraph.Write(backbone, NoAdapter, GraphPrecision.Fast, weights));

    private WeightCache Cache(double maxGiB = 10) =>
        new(Options.Create(new WeightCacheOptions { Folder = place, MaxGiB = maxGiB }), TimeProvider.System,
            NullLogger<WeightCache>.Instance);

    // The small llama with a vocabulary of half a million tokens, which is large enough for the cache.
    private Backbone Large()
    {
        var source = Backbone.Load(folder.Path);
        var config = source.Config with { Vocabulary = 1 << 19 };
        var embedding =
            source.Embedding with { Shape = [config.Vocabulary, config.Hidden], Values = new float[config.Vocabulary * config.Hidden] };
        var tensors =
            BackboneTensor.All(source.Config)
                .Select(tensor => tensor.Name == BackboneTensor.Embedding ? embedding : source.Read(tensor.Name)).ToList();
        BackboneFolder.Write(folder.Path, config, tensors, File.ReadAllBytes(Path.Combine(folder.Path, "tokenizer.json")));
        return Backbone.Load(folder.Path);
    }

    private sealed class Logs : ILogger<WeightCache>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
