using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Scoring;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>A backbone together with the evaluation set whose titles it scores.</summary>
/// <param name="Torch">The backbone on the device.</param>
/// <param name="Source">The backbone's files and tokenizer.</param>
/// <param name="Set">The catalogue and the rows.</param>
public sealed record EvaluatedBackbone(TorchBackbone Torch, Backbone Source, EvaluationSet Set)
{
    /// <summary>The title priors under the backbone.</summary>
    public TitlePriors Priors { get; } = new(Torch, Source, Set.Titles);

    /// <summary>The token ids of an item's title as an answer.</summary>
    public int[] Answer(int item) => HistoryPrompt.Answer(Source.Tokenizer, Set.Titles[item]);

    /// <summary>Builds a row's prompt.</summary>
    /// <param name="row">The row, whose history the prompt names.</param>
    /// <param name="candidates">The candidates to name, or null to name none.</param>
    public Prompt Prompt(RankingCase row, int[]? candidates) =>
        HistoryPrompt.Build(Source.Tokenizer, [.. row.History.Select(item => Set.Titles[item])],
            candidates is null ? null : [.. candidates.Select(item => Set.Titles[item])]);
}
