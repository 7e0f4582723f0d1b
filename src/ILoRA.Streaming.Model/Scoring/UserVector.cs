namespace ILoRA.Streaming.Model.Scoring;

/// <summary>The vectors of one user under one version, as the head scorer reads them (formula at <see cref="ScoreHead"/>).</summary>
/// <param name="Hidden">h [H], the language model's last hidden state.</param>
/// <param name="LogEncoder">The encoder's log-probabilities by row [N], in nats.</param>
/// <param name="CoOccurrence">The co-occurrence term by row [N], from <see cref="ItemNeighbours"/>.</param>
/// <param name="TitleQuery">The query vector [H] of the history, from <see cref="TitleSimilarity.Query"/>.</param>
public sealed record UserVector(float[] Hidden, float[] LogEncoder, float[] CoOccurrence, float[] TitleQuery);
