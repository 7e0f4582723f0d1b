using System.Collections.Concurrent;

namespace ILoRA.Streaming.Inference.Sessions;

/// <summary>Additive causal attention masks by prompt length, cached.</summary>
internal static class CausalMask
{
    // Longer prompts are rare, and the size of a mask is quadratic.
    private const int MaxCached = 512;

    private static readonly ConcurrentDictionary<int, float[]> Cached = new();

    /// <summary>The mask of a prompt of the given length.</summary>
    /// <returns>[T, T]: 0 on and below the diagonal, else -1e9 (an infinity would make a fully masked row NaN).</returns>
    public static float[] Of(int tokens) => tokens > MaxCached ? Make(tokens) : Cached.GetOrAdd(tokens, Make);

    private static float[] Make(int tokens)
    {
        var mask = new float[tokens * tokens];
        for (var row = 0; row < tokens; row++)
            mask.AsSpan(row * tokens + row + 1, tokens - row - 1).Fill(-1e9f);
        return mask;
    }
}
