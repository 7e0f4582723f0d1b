using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Baselines;
using ILoRA.Streaming.Training.Evaluation;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Tests.Baselines;

/// <summary>Known results on the fixed candidates of the public data sets (data/README in the shared folder).</summary>
public sealed class BenchmarkTests
{
    [Theory]
    [InlineData("lastfm", 0.2607)]
    [InlineData("movielens", 0.4255)]
    [InlineData("steam", 0.4091)]
    public void The_public_checkpoint_reaches_its_hit_rate(string name, double hr1)
    {
        var set = Set(name);
        var (encoder, table) = EncoderPart.Read(SafetensorsFile.Open(Golden.Shared("data", "sasrec", $"{name}.safetensors")!));
        Assert.Equal(hr1, HitRate(set, new EncoderScores(encoder, [.. set.Ids.Select(table.RowOf)]).Scores), 5e-5);
    }

    [Theory]
    [InlineData("lastfm", 0, 0, 0.074, 0.340)]
    [InlineData("movielens", 5, 0.5, 0.202, 0.409)]
    public void Popularity_and_item_kNN_reach_their_hit_rates(
        string name, float shrink, float userPower, double popularity, double neighbours)
    {
        var set = Set(name);
        var interactions = new Interactions(
            [.. RowSequences.Of(RowFile.Read(Golden.Shared("data", name, "train.jsonl")!))
                .Select(sequence => sequence.Select(item => set.PlaceOf(item, name)).ToArray())], set.Ids.Count);
        Assert.Equal(popularity, HitRate(set, new Popularity(interactions).Scores), 0.005);
        Assert.Equal(neighbours, HitRate(set, new ItemKnn(interactions, new(shrink, userPower)).Scores), 0.005);
    }

    private static double HitRate(EvaluationSet set, Func<int[], float[]> scores) =>
        Method.OfCatalogue("", scores).Run(set.Cases, TimeProvider.System, stop: TestContext.Current.CancellationToken).Hr1;

    private static EvaluationSet Set(string name)
    {
        var candidates = Golden.Shared("data", "candidates", $"{name}_val.jsonl");
        Assert.SkipUnless(File.Exists(candidates), "the shared data are not beside the repository (set ILORA_SHARED)");
        return EvaluationSet.Read([.. ItemFile.Read(Golden.Shared("data", name, "items.tsv")!, FileReading.Recognised)],
            Golden.Shared("data", name, "val.jsonl")!, candidates!);
    }
}
