namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// Finds the candidate that a generated answer names, by the rule of LLaRA's and iLoRA's public code: the answer names a candidate if it
/// contains the candidate's title, both trimmed and in lower case. An answer is valid if it names exactly one candidate, and correct if
/// this is the target.
/// </summary>
public static class AnswerMatch
{
    /// <param name="answer">The generated text.</param>
    /// <param name="titles">The candidates' titles. An empty title is contained in every answer, as in the public code.</param>
    /// <returns>The index of the named candidate; null where the answer names none or several.</returns>
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
