using BenchmarkDotNet.Attributes;
using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Benchmarks;

/// <summary>
/// Measures the head scorer over a whole catalogue, without the language model, and the selection of the best twenty items.
/// </summary>
[MemoryDiagnoser]
public class HeadScoring
{
    private const int Width = 64;
    private ScoreHead head = null!;
    private ItemVector[] catalogue = [];
    private UserVector user = null!;
    private readonly int[] history = [1, 2, 3, 2, 5];

    [Params(3_659, 50_000)]
    public int Items { get; set; }

    [Params(128, 576)]
    public int Hidden { get; set; }

    [GlobalSetup]
    public void Draw()
    {
        var random = new Random(1);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        head = new ScoreHead(Hidden, Width, [], [], [], ScoreWeights.Of([0.5f, 0.1f, 0, -2, 3, 1]));
        catalogue = [.. Enumerable.Range(0, Items).Select(row => new ItemVector(row, 0.1f, Values(Hidden), Values(Hidden)))];
        user = new(Values(Hidden), Values(Items), Values(Items), Values(Hidden));
    }

    [Benchmark(Baseline = true)]
    public float[] Score() => HeadScorer.Score(head, catalogue, user, history);

    [Benchmark]
    public int[] ScoreAndTop20() => TopK.Of(Score(), 20);
}
