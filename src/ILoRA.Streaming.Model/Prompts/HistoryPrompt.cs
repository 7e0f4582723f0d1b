using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Model.Prompts;

/// <summary>A tokenised prompt.</summary>
/// <param name="Ids">[T]</param>
/// <param name="ItemSlots">Positions in <paramref name="Ids"/> of the item tokens, one a history item in order: a hybrid prompt replaces their embeddings by projected item rows.</param>
public sealed record Prompt(int[] Ids, int[] ItemSlots);

/// <summary>
/// A user's history as text (LLaRA's layout): each title is followed by one item token. The instruction is short, since every token of it is paid
/// for on each recommendation.
/// </summary>
public static class HistoryPrompt
{
    /// <summary>The longest history a prompt names: the encoder's own.</summary>
    public const int MaxItems = 10;

    /// <summary>Titles come from outside: the rest of a longer one is not read, so a prompt stays short.</summary>
    public const int MaxTitleTokens = 32;

    private const int MaxTitleLength = 8 * MaxTitleTokens;

    /// <summary>A title's tokens behind what precedes it. What a title spells is text, never a special token.</summary>
    public static IEnumerable<int> Title(TextTokenizer tokenizer, string before, string title) =>
        tokenizer.EncodePlain(before + (title.Length > MaxTitleLength ? title[..MaxTitleLength] : title)).Take(MaxTitleTokens);

    /// <param name="tokenizer">The backbone's.</param>
    /// <param name="titles">Oldest first; the last <see cref="MaxItems"/> are named.</param>
    /// <param name="candidates">Titles to choose from, or null where the whole catalogue is ranked.</param>
    public static Prompt Build(TextTokenizer tokenizer, IReadOnlyList<string> titles, IReadOnlyList<string>? candidates)
    {
        // Each piece is encoded by itself, so a title's tokens do not depend on its neighbours.
        var ids = new List<int>(tokenizer.Encode("History:"));
        var slots = new List<int>();
        for (var i = Math.Max(0, titles.Count - MaxItems); i < titles.Count; i++)
        {
            ids.AddRange(Title(tokenizer, slots.Count > 0 ? ", " : " ", titles[i]));
            slots.Add(ids.Count);
            ids.Add(tokenizer.ItemToken);
        }
        if (candidates is not null)
        {
            ids.AddRange(tokenizer.Encode("\nCandidates:"));
            for (var i = 0; i < candidates.Count; i++)
                ids.AddRange(Title(tokenizer, i > 0 ? ", " : " ", candidates[i]));
        }
        ids.AddRange(tokenizer.Encode("\nNext:"));
        return new Prompt([.. ids], [.. slots]);
    }

    /// <summary>A prompt that says nothing of a user or of candidates: after it a title is as likely as its words are.</summary>
    public static int[] Empty(TextTokenizer tokenizer) => Build(tokenizer, [], null).Ids;

    /// <summary>A title as the answer that a title scorer scores: the title and a line end.</summary>
    public static int[] Answer(TextTokenizer tokenizer, string title) => [.. Title(tokenizer, " ", title), .. tokenizer.Encode("\n")];
}
