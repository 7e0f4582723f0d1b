using ILoRA.Streaming.Model.Prompts;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// The published protocol: the model answers in words, greedily, after a prompt that names the candidates, and <see cref="AnswerMatch"/> looks for them in the answer. Every
/// token is a whole pass, so only the first draw of each row is answered.
/// </summary>
public sealed class GreedyAnswers(EvaluatedBackbone backbone, AdapterScorer adapter)
{
    /// <summary>As long as the longest title that a prompt names.</summary>
    private const int MostTokens = HistoryPrompt.MaxTitleTokens;

    /// <param name="cases">R rows.</param>
    /// <param name="answered">Told how many rows are done.</param>
    /// <param name="stop">Ends it early, by an exception.</param>
    public GenerationResult Run(IReadOnlyList<RankingCase> cases, Action<int>? answered = null, CancellationToken stop = default)
    {
        var (valid, right) = (0, 0);
        for (var at = 0; at < cases.Count; at++)
        {
            stop.ThrowIfCancellationRequested();
            var draw = cases[at].Draws[0];
            if (AnswerMatch.Of(Answer(cases[at]), [.. draw.Select(item => backbone.Set.Titles[item])]) is { } place)
                (valid, right) = (valid + 1, right + (draw[place] == cases[at].Target ? 1 : 0));
            answered?.Invoke(at + 1);
        }
        return new(valid, right, cases.Count);
    }

    /// <returns>The text up to the first line end.</returns>
    public string Answer(RankingCase row)
    {
        var prompt = backbone.Prompt(row, row.Draws[0]);
        var ids = prompt.Ids.ToList();
        var text = "";
        while (ids.Count < prompt.Ids.Length + MostTokens && Next([.. ids], prompt, row) is var token && token != backbone.Source.Tokenizer.EndOfText)
        {
            ids.Add(token);
            text = backbone.Source.Tokenizer.Decode(ids[prompt.Ids.Length..]);
            if (text.Contains('\n', StringComparison.Ordinal))
                break;
        }
        return text.Split('\n')[0];
    }

    private int Next(int[] ids, Prompt prompt, RankingCase row)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return (int)adapter.NextToken(ids, prompt, row).argmax().item<long>();
    }
}

/// <param name="Valid">Answers that name exactly one candidate.</param>
/// <param name="Right">Those that name the target.</param>
/// <param name="Total">All.</param>
public sealed record GenerationResult(int Valid, int Right, int Total)
{
    public double ValidRatio => (double)Valid / Total;

    /// <summary>As the authors report it: of the valid answers.</summary>
    public double Hr1OfValid => Valid == 0 ? 0 : (double)Right / Valid;
}
