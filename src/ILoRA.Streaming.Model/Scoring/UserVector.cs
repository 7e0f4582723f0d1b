namespace ILoRA.Streaming.Model.Scoring;

/// <summary>What the head scorer needs of one user under one version.</summary>
/// <param name="Hidden">h [H], the language model's last hidden state.</param>
/// <param name="LogEncoder">[N], the encoder's log-probabilities by row.</param>
/// <param name="Together">[N], from <see cref="ItemNeighbours"/>.</param>
/// <param name="Titles">[H], <see cref="TitleSimilarity.Query"/> of the history.</param>
public sealed record UserVector(float[] Hidden, float[] LogEncoder, float[] Together, float[] Titles);
