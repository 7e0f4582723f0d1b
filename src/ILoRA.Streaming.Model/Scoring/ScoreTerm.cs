namespace ILoRA.Streaming.Model.Scoring;

/// <summary>
/// The terms of the head scorer's sum other than the language model's (formula at <see cref="ScoreHead"/>). Snapshots store each weight
/// under the term's name (<see cref="ScoreWeights.NameOf"/>), so a new term can be added anywhere: its weight is 0 in versions published
/// before.
/// </summary>
public enum ScoreTerm
{
    /// <summary>The encoder's log-probability (weight c).</summary>
    Encoder,

    /// <summary>Recent popularity (weight a).</summary>
    Popularity,

    /// <summary>Whether the item has no training click (weight b).</summary>
    New,

    /// <summary>Repeat consumption: how often the item is in the history (weight m).</summary>
    Repeat,

    /// <summary>The similarity of the item's title to those of the history (weight g).</summary>
    TitleSimilarity,

    /// <summary>The co-occurrence of the item with those of the history (weight k).</summary>
    CoOccurrence,
}
