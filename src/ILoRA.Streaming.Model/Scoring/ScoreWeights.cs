namespace ILoRA.Streaming.Model.Scoring;

/// <summary>What the terms of the head scorer's sum weigh (formula at <see cref="ScoreHead"/>).</summary>
/// <param name="Encoder">c, of the encoder's log-probability.</param>
/// <param name="Popularity">a, of recent clicks.</param>
/// <param name="New">b, of an item that was never seen.</param>
/// <param name="Repeat">m, of an item that is in the history.</param>
/// <param name="Similar">g, of titles like those of the history.</param>
/// <param name="Together">k, of items clicked close to those of the history.</param>
public sealed record ScoreWeights(float Encoder, float Popularity, float New, float Repeat, float Similar, float Together)
{
    /// <summary>How many there are.</summary>
    public const int Count = 6;

    /// <param name="values">As <see cref="ToArray"/> gives them.</param>
    public static ScoreWeights Of(ReadOnlySpan<float> values) => new(values[0], values[1], values[2], values[3], values[4], values[5]);

    /// <returns>[6], in the order of the parameters.</returns>
    public float[] ToArray() => [Encoder, Popularity, New, Repeat, Similar, Together];
}
