namespace ILoRA.Streaming.Inference.Scoring;

/// <summary>Scores a JSON Lines file of <see cref="ScoreRequest"/>s.</summary>
public static class ScoreFile
{
    /// <summary>Scores JSON Lines and returns the results in the order of the lines; empty lines are skipped.</summary>
    /// <param name="lines">The lines, one <see cref="ScoreRequest"/> each.</param>
    /// <param name="source">The name of the file in messages.</param>
    /// <param name="score">Scores one request.</param>
    /// <exception cref="InvalidDataException">A line cannot be scored; the message gives the line and the reason.</exception>
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
