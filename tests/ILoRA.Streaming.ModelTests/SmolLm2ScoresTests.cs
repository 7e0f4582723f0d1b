using System.Text.Json;
using ILoRA.Streaming.Inference.Scoring;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Scoring;
using Microsoft.Extensions.Logging.Abstractions;
using TorchSharp;

namespace ILoRA.Streaming.ModelTests;

/// <summary>
/// Tests title scores of a real model (SmolLM2, 135 M parameters): twenty titles after one prompt, from the GGUF file and from a folder
/// converted from it.
/// </summary>
public sealed class SmolLm2ScoresTests
{
    private const double Tolerance = 2e-3;

    [Fact]
    public void The_graph_gives_the_golden_scores_of_titles()
    {
        var (line, expected) = Case();
        using var scorer = new PromptScorer(Backbone.Load(Golden.SmolLm2!), null, null, 2, NullLogger.Instance);
        Check(expected, scorer.Score(ScoreRequest.Parse(line)).LogLikelihood);
    }

    [Fact]
    public void LibTorch_gives_the_golden_scores_of_titles_from_a_converted_folder()
    {
        var (line, expected) = Case();
        var folder = Directory.CreateTempSubdirectory("smollm2").FullName;
        try
        {
            BackboneFolder.Write(folder, Backbone.Load(Golden.SmolLm2!));
            Check(expected, ByTorch(Backbone.Load(folder), ScoreRequest.Parse(line)));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static float[] ByTorch(Backbone source, ScoreRequest request)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var backbone = TorchBackbone.Frozen(source, torch.CPU);
        var resolved = ResolvedRequest.Of(request, source, null);
        var packed = PackedPrompt.Pack(resolved.Prompt, resolved.Candidates);
        var embeddings = backbone.Embed(torch.tensor(Array.ConvertAll(packed.Ids, id => (long)id), [1, packed.Ids.Length]));
        return new TorchTitleScorer(backbone).Scores(packed, embeddings, null, null).Values();
    }

    private static (string Line, double[] Expected) Case()
    {
        var file = Golden.Shared("golden", "smollm2", "scores.jsonl");
        Assert.SkipWhen(file is null || Golden.SmolLm2 is null, Golden.Missing);
        var line = File.ReadLines(file!).First();
        using var json = JsonDocument.Parse(line);
        return (line, [.. json.RootElement.GetProperty("log_likelihood").EnumerateArray().Select(value => value.GetDouble())]);
    }

    private static void Check(double[] expected, float[] scores)
    {
        Assert.InRange(Golden.Difference(scores, expected), 0, Tolerance);
        Assert.Equal(expected.Index().OrderByDescending(score => score.Item).Select(score => score.Index),
            scores.Index().OrderByDescending(score => score.Item).Select(score => score.Index));
    }
}
