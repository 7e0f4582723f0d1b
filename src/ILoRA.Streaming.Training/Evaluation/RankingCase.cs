namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>A row to rank: a history, the next item and lists of candidates. Items are indices into the catalogue.</summary>
/// <param name="Row">The row's number in its file.</param>
/// <param name="History">The history's items, oldest first.</param>
/// <param name="Target">The next item.</param>
/// <param name="Draws">[D][C], the lists of candidates, each including the target.</param>
public sealed record RankingCase(int Row, int[] History, int Target, int[][] Draws)
{
    /// <summary>The distinct candidates of all draws.</summary>
    public int[] Distinct() => [.. Draws.SelectMany(draw => draw).Distinct()];

    /// <summary>Selects the candidates' scores.</summary>
    /// <param name="catalogue">[M], the scores of all items.</param>
    /// <returns>[D][C]</returns>
    public float[][] Pick(float[] catalogue) => [.. Draws.Select(draw => Array.ConvertAll(draw, item => catalogue[item]))];

    /// <summary>Selects the candidates' scores.</summary>
    /// <param name="scores">Scores by item; must contain every candidate.</param>
    /// <returns>[D][C]</returns>
    public float[][] Pick(IReadOnlyDictionary<int, float> scores) =>
        [.. Draws.Select(draw => Array.ConvertAll(draw, item => scores[item]))];

    /// <summary>
    /// The target's rank in each draw. Equal scores are ranked by position, which is unbiased because candidates are shuffled.
    /// </summary>
    /// <param name="scores">[D][C], the candidates' scores.</param>
    /// <returns>[D], from 1.</returns>
    /// <exception cref="InvalidDataException">A score is NaN.</exception>
    public int[] Ranks(float[][] scores) => [.. Draws.Select((draw, d) => Rank(scores[d], Array.IndexOf(draw, Target)))];

    /// <summary>The listwise loss: the mean of -log softmax(scores)[target] over the draws.</summary>
    /// <param name="scores">[D][C], the candidates' scores.</param>
    /// <returns>Nats.</returns>
    public double Loss(float[][] scores) => Draws.Select((draw, d) =>
    {
        var most = scores[d].Max();
        return most + Math.Log(scores[d].Sum(score => Math.Exp(score - most))) - scores[d][Array.IndexOf(draw, Target)];
    }).Average();

    private int Rank(float[] scores, int target)
    {
        if (scores.FirstOrDefault(float.IsNaN, 0) is float.NaN)
            throw new InvalidDataException($"Row {Row}: a candidate's score is not a number; the model that gave it is broken.");
        var rank = 1;
        for (var place = 0; place < scores.Length; place++)
            if (scores[place] > scores[target] || (scores[place] == scores[target] && place < target))
                rank++;
        return rank;
    }
}
