using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Prompts;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// Generates an endless pre-training text: prompts with randomly drawn titles, each followed by another title as the answer.
/// </summary>
internal sealed class TitleCorpus(TextTokenizer tokenizer, IReadOnlyList<string> titles, Random random)
{
    private readonly Queue<int> tokens = new();

    /// <summary>The next token ids of the text.</summary>
    /// <returns>[count x (length + 1)], row-major.</returns>
    public long[] Rows(int count, int length)
    {
        while (tokens.Count < count * (length + 1))
            AddPrompt();
        return [.. Enumerable.Range(0, count * (length + 1)).Select(_ => (long)tokens.Dequeue())];
    }

    private void AddPrompt()
    {
        var drawn = Enumerable.Range(0, 2 + random.Next(HistoryPrompt.MaxItems)).Select(_ => titles[random.Next(titles.Count)]).ToArray();
        foreach (var token in HistoryPrompt.Build(tokenizer, drawn[1..], null).Ids.Concat(HistoryPrompt.Answer(tokenizer, drawn[0]))
            .Append(tokenizer.EndOfText))
            tokens.Enqueue(token);
    }
}
