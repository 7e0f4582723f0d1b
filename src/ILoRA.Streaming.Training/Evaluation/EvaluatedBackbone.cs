using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Scoring;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>A backbone and the catalogue whose titles it reads.</summary>
/// <param name="Torch">For passes.</param>
/// <param name="Source">For its tokenizer.</param>
/// <param name="Set">For ids and titles.</param>
public sealed record EvaluatedBackbone(TorchBackbone Torch, Backbone Source, EvaluationSet Set)
{
    /// <summary>Of the backbone alone, for whoever scores titles.</summary>
    public TitlePriors Priors { get; } = new(Torch, Source, Set.Titles);

    /// <returns>A title as an answer's tokens.</returns>
    public int[] Answer(int item) => HistoryPrompt.Answer(Source.Tokenizer, Set.Titles[item]);

    /// <param name="row">Whose history is named.</param>
    /// <param name="candidates">Items to choose from, or null to name none.</param>
    public Prompt Prompt(RankingCase row, int[]? candidates) =>
        HistoryPrompt.Build(Source.Tokenizer, [.. row.History.Select(item => Set.Titles[item])], candidates is null ? null : [.. candidates.Select(item => Set.Titles[item])]);
}
