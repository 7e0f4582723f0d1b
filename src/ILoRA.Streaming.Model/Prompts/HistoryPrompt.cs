using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Model.Prompts;

/// <summary>A tokenised prompt.</summary>
/// <param name="Ids">Token ids [T].</param>
/// <param name="ItemSlots">The positions of the item tokens in <paramref name="Ids"/>, one for each history item in order. A hybrid prompt
/// replaces the embeddings there by projected item rows.</param>
public sealed record Prompt(int[] Ids, int[] ItemSlots);

/// <summary>
/// Builds the prompt of a user's history in LLaRA's layout (arXiv 2312.02445): each title is followed by one item token. The instruction is
/// short, since each of its tokens costs time in every recommendation.
/// </summary>
public static class HistoryPrompt
{
    /// <summary>The number of most recent items in a prompt.</summary>
    public const int MaxItems = 10;

    /// <summary>
    /// The maximum length of a title in tokens. Longer titles are truncated, since titles come from outside and prompts must stay short.
    /// </summary>
    public const int MaxTitleTokens = 32;

    private const int MaxTitleLength = 8 * MaxTitleTokens;

    /// <summary>
    /// The tokens of a title after the text <paramref name="before"/>, truncated to <see cref="MaxTitleTokens"/>. Special tokens are not
    /// parsed.
    /// </summary>
    public static IEnumerable<int> Title(TextTokenizer tokenizer, string before, string title) =>
        tokenizer.EncodePlain(before + (title.Length > MaxTitleLength ? title[..MaxTitleLength] : title)).Take(MaxTitleTokens);

    /// <summary>Builds a prompt.</summary>
    /// <param name="tokenizer">The backbone's tokenizer.</param>
    /// <param name="titles">The titles of the history, oldest first; only the last <see cref="MaxItems"/> are used.</param>
    /// <param name="candidates">The titles of the candidates, or null for a prompt without candidates.</param>
    public static Prompt Build(TextTokenizer tokenizer, IReadOnlyList<string> titles, IReadOnlyList<string>? candidates)
    {
        // Each title is encoded separately, so that its tokens do not depend on the titles beside it.
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

    /// <summary>A prompt without history and candidates, for the unconditional log-likelihood of titles (the title prior).</summary>
    public static int[] Empty(TextTokenizer tokenizer) => Build(tokenizer, [], null).Ids;

    /// <summary>The tokens that the title scorer scores: the title and a line feed.</summary>
    public static int[] Answer(TextTokenizer tokenizer, string title) => [.. Title(tokenizer, " ", title), .. tokenizer.Encode("\n")];
}
