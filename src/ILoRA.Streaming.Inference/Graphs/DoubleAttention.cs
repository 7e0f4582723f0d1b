using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Inference.Graphs;

/// <summary>
/// Grouped-query attention with rotary embedding, logits and softmax in double precision. Trained adapters give attention logits above 100,
/// for which single precision changes the fourth decimal of a title's log-likelihood; ONNX Runtime's Attention operator has no double
/// kernel. Shapes: n query heads and g key-value heads of size d.
/// </summary>
internal sealed class DoubleAttention
{
    private readonly GraphBuilder graph;
    private readonly BackboneConfig config;
    private readonly string cos;
    private readonly string sin;
    private readonly string mask;
    private readonly string scale;

    public DoubleAttention(GraphBuilder graph, BackboneConfig config)
    {
        this.graph = graph;
        this.config = config;
        cos = AtPositions("cos", RopeTable.DoubleCos);
        sin = AtPositions("sin", RopeTable.DoubleSin);
        mask = graph.Node("Unsqueeze", [graph.ToDouble(GraphNames.Bias), graph.Integers(2)]);              // [Bm, 1, 1, T, T]
        scale = graph.Constant("attention_scale", () => (double[])[1 / Math.Sqrt(config.HeadSize)]);
        RankScale = graph.ToDouble(GraphNames.RankScale);
    }

    /// <summary>The rank scale in double [B, 1, r].</summary>
    public string RankScale { get; }

    /// <summary>Adds the nodes of softmax(rotate(q) rotate(k) / sqrt(d) + mask) v.</summary>
    /// <param name="q">double [B, T, n d]</param>
    /// <param name="k">double [B, T, g d]</param>
    /// <param name="v">float [B, T, g d]</param>
    /// <returns>float [B, T, n d]</returns>
    public string Mix(string q, string k, string v)
    {
        var group = config.Heads / config.KvHeads;
        // [B, g, n/g, T, d].
        var queries = graph.Node("Transpose", [Split(Rotate(q, config.Heads), group)], ("perm", new long[] { 0, 2, 3, 1, 4 }));
        // [B, g, 1, d, T].
        var keys = graph.Node("Transpose", [Split(Rotate(k, config.KvHeads), 1)], ("perm", new long[] { 0, 2, 3, 4, 1 }));
        // [B, g, 1, T, d].
        var values = graph.Node("Transpose", [Split(v, 1)], ("perm", new long[] { 0, 2, 3, 1, 4 }));
        // [B, g, n/g, T, T].
        var logits = graph.Node("Add", [graph.Node("Mul", [graph.Node("MatMul", [queries, keys]), scale]), mask]);
        var weights = graph.ToFloat(graph.Node("Softmax", [logits], ("axis", -1)));
        // [B, T, g, n/g, d].
        var mixed = graph.Node("Transpose", [graph.Node("MatMul", [weights, values])], ("perm", new long[] { 0, 3, 1, 2, 4 }));
        return graph.Node("Reshape", [mixed, graph.Integers(0, 0, config.QueryWidth)]);
    }

    // (a, b) -> (a cos - b sin, b cos + a sin) over the two halves of each head.
    private string Rotate(string x, int heads)
    {
        var (a, b) = graph.Halves(graph.Node("Reshape", [x, graph.Integers(0, 0, heads, config.HeadSize)]));
        var first = graph.Node("Sub", [graph.Node("Mul", [a, cos]), graph.Node("Mul", [b, sin])]);
        var second = graph.Node("Add", [graph.Node("Mul", [b, cos]), graph.Node("Mul", [a, sin])]);
        return graph.Node("Concat", [first, second], ("axis", -1));                                      // [B, T, heads, d]
    }

    private string Split(string x, int group) => graph.Node("Reshape", [x, graph.Integers(0, 0, config.KvHeads, group, config.HeadSize)]);

    private string AtPositions(string name, Func<BackboneConfig, double[]> table)
    {
        var constant = graph.Constant(name, () => table(config), config.MaxPositions, config.HeadSize / 2);
        // [B, T, 1, d/2].
        return graph.Node("Unsqueeze", [graph.Node("Gather", [constant, GraphNames.Positions], ("axis", 0)), graph.Integers(2)]);
    }
}
