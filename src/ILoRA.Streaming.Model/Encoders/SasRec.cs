namespace ILoRA.Streaming.Model.Encoders;

/// <summary>
/// The sequential recommender SASRec in the form of LLaRA's public checkpoints: one block, one head, post-norm as in METHOD section 3.
/// Tensors carry the checkpoints' own names (<c>item_embeddings.weight</c> [N + 1, d], <c>s_fc.weight</c> [N, d] ...).
/// </summary>
/// <param name="Width">d</param>
/// <param name="Positions">The longest history it reads (10).</param>
/// <param name="Items">N, the number of item rows; row N is the pad.</param>
/// <param name="Tensors">By name.</param>
public sealed partial record SasRec(int Width, int Positions, int Items, IReadOnlyDictionary<string, float[]> Tensors);
