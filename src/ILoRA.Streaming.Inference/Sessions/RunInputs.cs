using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Model.Backbones;
using Microsoft.ML.OnnxRuntime;

namespace ILoRA.Streaming.Inference.Sessions;

/// <summary>A <see cref="PromptRun"/> as native inputs of the graph, in the order of <see cref="Names"/>.</summary>
internal sealed class RunInputs : IDisposable
{
    public static readonly string[] Names =
    [
        GraphNames.Ids, GraphNames.Positions, GraphNames.Bias, GraphNames.RankScale, GraphNames.Slots, GraphNames.SlotEmbeddings,
        GraphNames.HiddenRows, GraphNames.LogitRows, GraphNames.Pairs,
    ];

    public RunInputs(PromptRun run, BackboneConfig config, long[] hiddenRows)
    {
        Check(run, config);
        var tokens = run.Ids.Length;
        var positions = run.Positions ?? [.. Enumerable.Range(0, tokens)];
        var rankScale = run.RankScale.Length == 0 ? [0f] : run.RankScale;
        Values =
        [
            Integers(Array.ConvertAll(run.Ids, id => (long)id), 1, tokens),
            Integers(Array.ConvertAll(positions, position => (long)position), 1, tokens),
            Floats(run.Mask ?? CausalMask.Of(tokens), 1, 1, tokens, tokens),
            Floats(rankScale, 1, 1, rankScale.Length),
            Integers([.. run.Slots.SelectMany(slot => new long[] { 0, slot })], run.Slots.Length, 2),
            Floats(run.SlotEmbeddings, run.Slots.Length, config.Hidden),
            Integers(hiddenRows, hiddenRows.Length),
            Integers(Array.ConvertAll(run.Rows, row => (long)row), run.Rows.Length),
            Integers([.. run.Pairs.SelectMany(pair => new long[] { pair.Row, pair.Token })], run.Pairs.Count, 2),
        ];
    }

    public OrtValue[] Values { get; }

    public void Dispose()
    {
        foreach (var value in Values)
            value.Dispose();
    }

    private static void Check(PromptRun run, BackboneConfig config)
    {
        if (run.Ids.Length == 0)
            throw new ArgumentException("The prompt is empty.", nameof(run));
        if (run.SlotEmbeddings.Length != run.Slots.Length * config.Hidden)
            throw new ArgumentException(
                $"{run.Slots.Length} slots need {run.Slots.Length * config.Hidden} numbers, got {run.SlotEmbeddings.Length}.", nameof(run));
        var last = run.Positions is { } positions ? positions.Max() : run.Ids.Length - 1;
        if (last >= config.MaxPositions)
            throw new ArgumentException($"The prompt reaches position {last}, the backbone has {config.MaxPositions}; shorten the history.",
                nameof(run));
        foreach (var id in run.Ids.Concat(run.Pairs.Select(pair => pair.Token)))
        {
            if ((uint)id >= (uint)config.Vocabulary)
                throw new ArgumentException($"Token {id} is outside the vocabulary of {config.Vocabulary}.", nameof(run));
        }
    }

    private static OrtValue Integers(long[] values, params long[] shape) => OrtValue.CreateTensorValueFromMemory(values, shape);

    private static OrtValue Floats(float[] values, params long[] shape) => OrtValue.CreateTensorValueFromMemory(values, shape);
}
