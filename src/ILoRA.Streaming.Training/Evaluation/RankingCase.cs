namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>One row to be ranked; items are places in the catalogue.</summary>
/// <param name="Row">The row's number in its file.</param>
/// <param name="History">Oldest first.</param>
/// <param name="Target">The item that came next.</param>
/// <param name="Draws">[D][C], the candidates of each draw, the target among them.</param>
public sealed record RankingCase(int Row, int[] History, int Target, int[][] Draws)
{
    /// <summary>Every candidate of any draw, once.</summary>
    public int[] Distinct() => [.. Draws.SelectMany(draw => draw).Distinct()];

    /// <param name="catalogue">[M] scores of all items.</param>
    /// <returns>[D][C]</returns>
    public float[][] Pick(float[] catalogue) => [.. Draws.Select(draw => Array.ConvertAll(draw, item => catalogue[item]))];

    /// <param name="scores">By item; every candidate is among them.</param>
    /// <returns>[D][C]</returns>
    public float[][] Pick(IReadOnlyDictionary<int, float> scores) => [.. Draws.Select(draw => Array.ConvertAll(draw, item => scores[item]))];

    /// <summary>The target's rank in each draw. Candidates are shuffled, so that among equal scores the earlier place is a fair choice.</summary>
    /// <param name="scores">[D][C]</param>
    /// <returns>[D], from 1.</returns>
    /// <exception cref="InvalidDataException">A score is no number.</exception>
    public int[] Ranks(float[][] scores) => [.. Draws.Select((draw, d) => Rank(scores[d], Array.IndexOf(draw, Target)))];

    /// <param name="scores">[D][C]</param>
    /// <returns>Mean over the draws of -log softmax(scores)[target], nats.</returns>
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
