using ILoRA.Streaming.Model.Prompts;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// The evaluation protocol of LLaRA and iLoRA: the model generates an answer by greedy decoding after a prompt that names the candidates,
/// and <see cref="AnswerMatch"/> finds the candidate that it names. Every token takes a full forward pass, so only the first draw of each
/// row is used.
/// </summary>
public sealed class GreedyAnswers(EvaluatedBackbone backbone, AdapterScorer adapter)
{
    /// <summary>The maximum length of an answer: that of the longest title in a prompt.</summary>
    private const int MaxTokens = HistoryPrompt.MaxTitleTokens;

    /// <summary>Generates and matches the answers of all rows.</summary>
    /// <param name="cases">The rows.</param>
    /// <param name="answered">Called with the number of rows that are done.</param>
    /// <param name="stop">Cancels the evaluation.</param>
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

    /// <summary>Generates an answer.</summary>
    /// <returns>The text up to the first line break.</returns>
    public string Answer(RankingCase row)
    {
        var prompt = backbone.Prompt(row, row.Draws[0]);
        var ids = prompt.Ids.ToList();
        var text = "";
        while (ids.Count < prompt.Ids.Length + MaxTokens
            && Next([.. ids], prompt, row) is var token && token != backbone.Source.Tokenizer.EndOfText)
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

/// <summary>The result of an evaluation by generated answers.</summary>
/// <param name="Valid">The number of answers that name exactly one candidate.</param>
/// <param name="Right">The number of answers that name the target.</param>
/// <param name="Total">The number of all answers.</param>
public sealed record GenerationResult(int Valid, int Right, int Total)
{
    public double ValidRatio => (double)Valid / Total;

    /// <summary>HR@1 as reported by the authors: the share of correct answers among the valid ones.</summary>
    public double Hr1OfValid => Valid == 0 ? 0 : (double)Right / Valid;
}
