using System.Text.Json;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Encoders;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class EncoderTests
{
    [Theory]
    [InlineData("lastfm")]
    [InlineData("movielens")]
    [InlineData("steam")]
    public void Public_checkpoints_give_their_expected_sequence_vectors_and_top_ten(string name)
    {
        Assert.SkipWhen(Repository.Shared is null, "the checkpoints are missing: set ILORA_SHARED to the folder that holds data/.");
        var folder = Path.Combine(Repository.Shared!, "data", "sasrec");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var encoder = new TorchSasRec(SasRec.Read(SafetensorsFile.Open(Path.Combine(folder, $"{name}.safetensors"))), CPU);
        foreach (var line in File.ReadLines(Path.Combine(folder, $"{name}.expected.jsonl")))
        {
            using var row = JsonDocument.Parse(line);
            var history =
                History.Of([[.. row.RootElement.GetProperty("seq").EnumerateArray().Select(item => item.GetInt32())]], encoder.Positions,
                    CPU);
            var z = encoder.SequenceVectors(history.Rows, history.Last);
            var expected = row.RootElement.GetProperty("h").EnumerateArray().Select(value => value.GetSingle()).ToArray();
            Assert.All(z.Values().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
            var (_, top) = encoder.Logits(z).topk(10);
            Assert.Equal(row.RootElement.GetProperty("top10").EnumerateArray().Select(item => item.GetInt64()), top.data<long>().ToArray());
        }
    }

    [Fact]
    public void A_fit_learns_the_next_item_and_ranks_items_without_data_last()
    {
        int[][] walks = [.. Enumerable.Range(0, 60).Select(start => Enumerable.Range(start, 8).Select(at => at % 9).ToArray())];
        var encoder =
            EncoderFit.Run(walks, items: 10, new EncoderFitOptions { Epochs = 20, Dropout = 0, Rate = 5e-3 }, CPU,
                stop: TestContext.Current.CancellationToken);
        var seen = new Interactions(walks, 10).Counts().Select(count => (float)count).ToArray();
        var log = encoder.LogProbabilities(encoder.Encode([3, 4]), seen);
        Assert.Equal(5, Array.IndexOf(log, log.Max()));
        Assert.True(log[5] > Math.Log(0.5));
        Assert.Equal(9, Array.IndexOf(encoder.Logits(encoder.Encode([3, 4])), encoder.Logits(encoder.Encode([3, 4])).Min()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_tied_fit_learns_one_table_for_input_and_output(bool tied)
    {
        int[][] walks = [.. Enumerable.Range(0, 20).Select(start => Enumerable.Range(start, 8).Select(at => at % 9).ToArray())];
        var encoder =
            EncoderFit.Run(walks, items: 9, new EncoderFitOptions { Epochs = 2, Tied = tied }, CPU,
                stop: TestContext.Current.CancellationToken);
        Assert.Equal(tied,
            encoder.Tensors["item_embeddings.weight"].AsSpan(0, 9 * encoder.Width).SequenceEqual(encoder.Tensors["s_fc.weight"]));
    }

    [Fact]
    public void Initial_rows_of_cooccurring_items_are_similar()
    {
        const int Width = 4;
        int[][] users = [[0, 1, 2], [0, 2, 1], [1, 2], [3, 4, 5], [5, 4], [3, 5, 4, 5]];
        float[] start = [.. Enumerable.Range(0, 7 * Width).Select(at => 100f + at)];
        var rows = CooccurrenceRows.Over(users, start, Width, new SavedRandom(1));
        double Dot(int a, int b) => Enumerable.Range(0, Width).Sum(at => rows[a * Width + at] * (double)rows[b * Width + at]);
        foreach (var (a, b) in from a in Enumerable.Range(0, 3) from b in Enumerable.Range(3, 3) select (a, b))
        {
            Assert.Equal(0, Dot(a, b), 1e-4);
            Assert.True(Dot(a, (a + 1) % 3) > 0.05, $"{Dot(a, (a + 1) % 3)}");
        }
        Assert.Equal(start[^Width..], rows[^Width..]);
        Assert.Equal(rows, CooccurrenceRows.Over(users, start, Width, new SavedRandom(1)));
    }

    [Fact]
    public void With_fewer_users_than_columns_the_other_columns_keep_their_values()
    {
        float[] start = [.. Enumerable.Range(0, 3 * 8).Select(at => (float)at)];
        var rows = CooccurrenceRows.Over([[0, 1], [1, 2]], start, 8, new SavedRandom(1));
        Assert.All(Enumerable.Range(0, 3),
            item => Assert.Equal(start[(item * 8 + 2)..(item * 8 + 8)], rows[(item * 8 + 2)..(item * 8 + 8)]));
        Assert.Equal(start, CooccurrenceRows.Over([], start, 8, new SavedRandom(1)));
    }

    [Fact]
    public void Item_features_are_the_same_in_both_implementations()
    {
        var source = InitialSasRec.Create(5, new SavedRandom(4), width: 6);
        using var encoder = new TorchSasRec(source, CPU);
        using var features = encoder.ItemFeatures();
        Assert.Equal([.. Enumerable.Range(0, 5).SelectMany(source.ItemFeatures)], features.Values());
        Assert.Equal(source.FeatureWidth, features.shape[1]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_encoder()
    {
        int[][] walks = [.. Enumerable.Range(0, 20).Select(start => Enumerable.Range(start, 8).Select(at => at % 9).ToArray())];
        var options = new EncoderFitOptions { Epochs = 2 };
        Assert.Equal(EncoderFit.Run(walks, 9, options, CPU, stop: TestContext.Current.CancellationToken).Tensors["s_fc.weight"],
            EncoderFit.Run(walks, 9, options, CPU, stop: TestContext.Current.CancellationToken).Tensors["s_fc.weight"]);
    }
}
