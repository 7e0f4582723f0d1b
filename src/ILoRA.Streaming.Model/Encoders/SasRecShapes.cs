namespace ILoRA.Streaming.Model.Encoders;

/// <summary>The names and shapes of the 22 tensors of a <see cref="SasRec"/> checkpoint.</summary>
public static class SasRecShapes
{
    /// <summary>The tensors of an encoder.</summary>
    /// <param name="width">d</param>
    /// <param name="positions">P</param>
    /// <param name="items">N, without the padding row.</param>
    public static IEnumerable<(string Name, int[] Shape)> Of(int width, int positions, int items)
    {
        yield return (SasRec.InputTable, [items + 1, width]);
        yield return ("positional_embeddings.weight", [positions, width]);
        foreach (var norm in (string[])["ln_1", "ln_2", "ln_3", "feed_forward.layer_norm"])
        {
            yield return (norm + ".weight", [width]);
            yield return (norm + ".bias", [width]);
        }
        foreach (var linear in (string[])["mh_attn.linear_q", "mh_attn.linear_k", "mh_attn.linear_v"])
        {
            yield return (linear + ".weight", [width, width]);
            yield return (linear + ".bias", [width]);
        }
        foreach (var convolution in (string[])["feed_forward.w_1", "feed_forward.w_2"])
        {
            yield return (convolution + ".weight", [width, width, 1]);
            yield return (convolution + ".bias", [width]);
        }
        yield return (SasRec.OutputTable, [items, width]);
        yield return (SasRec.OutputBias, [items]);
    }
}
