namespace ILoRA.Streaming.Inference.Scoring;

/// <summary>A file of requests, scored line by line.</summary>
public static class ScoreFile
{
    /// <summary>Scores JSON Lines; the results come in the order of the lines, empty ones left out.</summary>
    /// <param name="lines">One <see cref="ScoreRequest"/> each.</param>
    /// <param name="source">Names the lines' origin in errors.</param>
    /// <param name="score">Scores one request.</param>
    /// <exception cref="InvalidDataException">A line cannot be scored; the message says which and why.</exception>
    public static IEnumerable<ScoreResult> Score(IEnumerable<string> lines, string source, Func<ScoreRequest, ScoreResult> score)
    {
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                yield return Score(line, $"{source}, line {number}", score);
        }
    }

    private static ScoreResult Score(string line, string where, Func<ScoreRequest, ScoreResult> score)
    {
        try
        {
            return score(ScoreRequest.Parse(line));
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException)
        {
            throw new InvalidDataException($"{where}: {error.Message}", error);
        }
    }
}
