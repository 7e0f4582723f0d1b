namespace ILoRA.Streaming.Model.Adapters;

/// <summary>LLaRA's projector of an item row into the language model's embedding space: Linear(d, h), exact GELU, Linear(h, h).</summary>
/// <param name="Width">d, the width of an item row.</param>
/// <param name="Hidden">h, the width of a token embedding.</param>
/// <param name="Weight0">[h, d]</param>
/// <param name="Bias0">[h]</param>
/// <param name="Weight2">[h, h]</param>
/// <param name="Bias2">[h]</param>
public sealed partial record Projector(int Width, int Hidden, float[] Weight0, float[] Bias0, float[] Weight2, float[] Bias2);
