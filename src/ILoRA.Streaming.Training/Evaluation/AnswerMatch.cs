namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// The matcher of LLaRA's and iLoRA's public code: a candidate is named when its title, trimmed and in lower case, is a substring of the answer in lower
/// case. An answer that names exactly one candidate is valid; it is right when that one is the target.
/// </summary>
public static class AnswerMatch
{
    /// <param name="answer">The generated text.</param>
    /// <param name="titles">The candidates'. An empty one is a substring of every answer, as in the public code.</param>
    /// <returns>The one candidate that the answer names; null where it names none or several.</returns>
    public static int? Of(string answer, IReadOnlyList<string> titles)
    {
        var text = Normal(answer);
        int? named = null;
        for (var place = 0; place < titles.Count; place++)
        {
            if (!text.Contains(Normal(titles[place]), StringComparison.Ordinal))
                continue;
            if (named is not null)
                return null;
            named = place;
        }
        return named;
    }

    private static string Normal(string text) => text.Trim().ToLowerInvariant();
}
