using System.Globalization;
using ILoRA.Streaming.Model.Adapters;

namespace ILoRA.Streaming.Inference.Graphs;

/// <summary>The names of the graph's inputs and outputs, with their types and shapes, for B prompts of T tokens.</summary>
internal static class GraphNames
{
    /// <summary>int64 [B, T]</summary>
    public const string Ids = "input_ids";

    /// <summary>int64 [B, T]; the positions of packed candidates start after the prompt.</summary>
    public const string Positions = "position_ids";

    /// <summary>float [1, 1, T, T] (or [B, 1, T, T]): 0 where the row attends to the column, else a large negative number.</summary>
    public const string Bias = "attention_bias";

    /// <summary>float [B, 1, r]: <see cref="AdapterShape.RankScale"/> of each prompt's gate weights.</summary>
    public const string RankScale = "rank_scale";

    /// <summary>int64 [S, 2]: (prompt, position) whose token embedding a slot embedding replaces.</summary>
    public const string Slots = "slots";

    /// <summary>float [S, H]: the projected item rows.</summary>
    public const string SlotEmbeddings = "slot_embeddings";

    /// <summary>int64 [M]: the rows of the flattened hidden states [B T, H] that <see cref="Hidden"/> returns.</summary>
    public const string HiddenRows = "hidden_rows";

    /// <summary>int64 [L]: the rows of the flattened hidden states that go through the output projection.</summary>
    public const string LogitRows = "logit_rows";

    /// <summary>int64 [N, 2]: (index into <see cref="LogitRows"/>, token) of each log-probability.</summary>
    public const string Pairs = "pairs";

    /// <summary>float [M, H]: hidden states after the final norm.</summary>
    public const string Hidden = "hidden";

    /// <summary>float [L, V]</summary>
    public const string Logits = "logits";

    /// <summary>float [N]: log p(token) of each of the <see cref="Pairs"/>.</summary>
    public const string LogProbabilities = "logp";

    /// <summary>float [in, r]: A transposed.</summary>
    public static string A(LoraSite site) => string.Create(CultureInfo.InvariantCulture, $"A.{site.Layer}.{site.Target}");

    /// <summary>float [r, out]: B transposed.</summary>
    public static string B(LoraSite site) => string.Create(CultureInfo.InvariantCulture, $"B.{site.Layer}.{site.Target}");
}
