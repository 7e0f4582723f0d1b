using System.Collections.Concurrent;

namespace ILoRA.Streaming.Inference.Sessions;

/// <summary>Additive masks of plain prompts by length, made once each.</summary>
internal static class CausalMask
{
    // Longer ones are rare and a mask is quadratic.
    private const int LongestKept = 512;

    private static readonly ConcurrentDictionary<int, float[]> Kept = new();

    /// <returns>[T, T]: 0 on and under the diagonal, else -1e9 (an infinity would make a fully masked row NaN).</returns>
    public static float[] Of(int tokens) => tokens > LongestKept ? Make(tokens) : Kept.GetOrAdd(tokens, Make);

    private static float[] Make(int tokens)
    {
        var mask = new float[tokens * tokens];
        for (var row = 0; row < tokens; row++)
            mask.AsSpan(row * tokens + row + 1, tokens - row - 1).Fill(-1e9f);
        return mask;
    }
}
