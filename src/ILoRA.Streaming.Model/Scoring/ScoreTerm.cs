namespace ILoRA.Streaming.Model.Scoring;

/// <summary>
/// The terms that the head scorer's sum has beside the language model's (formula at <see cref="ScoreHead"/>). Snapshots keep a term's weight
/// under its name, so a new one can be added anywhere: versions that were published before it weigh it 0.
/// </summary>
public enum ScoreTerm
{
    /// <summary>c, of the encoder's log-probability.</summary>
    Encoder,

    /// <summary>a, of recent clicks.</summary>
    Popularity,

    /// <summary>b, of an item that was never seen.</summary>
    New,

    /// <summary>m, of an item that is in the history.</summary>
    Repeat,

    /// <summary>g, of titles like those of the history.</summary>
    Similar,

    /// <summary>k, of items clicked close to those of the history.</summary>
    Together,
}
