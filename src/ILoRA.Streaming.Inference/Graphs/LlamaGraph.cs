using System.Globalization;
using Google.Protobuf;
using ILoRA.Streaming.Inference.Graphs.Onnx;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Inference.Graphs;

/// <summary>
/// Writes a decoder of the Llama kind with iLoRA as an ONNX graph. The backbone's weights are constants; the gate's weights and the
/// adapter's factors are inputs, so one session serves any number of versions at once.
/// </summary>
internal sealed class LlamaGraph
{
    // The first operator set with Attention, RMSNormalization and RotaryEmbedding.
    private const int Operators = 23;

    // The accuracy level of MatMulNBits that multiplies eight-bit integers.
    private const int IntegerProducts = 4;

    private readonly Backbone backbone;
    private readonly BackboneConfig config;
    private readonly GraphShape shape;
    private readonly GraphBuilder graph;
    private readonly DoubleAttention? doubleAttention;
    private readonly bool integers;

    private LlamaGraph(Backbone backbone, GraphShape shape, GraphPrecision precision, GraphWeights weights)
    {
        this.backbone = backbone;
        config = backbone.Config;
        this.shape = shape;
        graph = new GraphBuilder(weights);
        integers = precision == GraphPrecision.EightBit;
        DeclareInputs();
        if (precision == GraphPrecision.Exact)
        {
            doubleAttention = new DoubleAttention(graph, config);
            return;
        }
        var pairs = config.HeadSize / 2;
        graph.Constant("cos", () => RopeTable.Cos(config), config.MaxPositions, pairs);
        graph.Constant("sin", () => RopeTable.Sin(config), config.MaxPositions, pairs);
    }

    /// <summary>Writes the graph as a serialised ONNX model, with its large constants in <paramref name="weights"/>.</summary>
    public static byte[] Write(Backbone backbone, GraphShape shape, GraphPrecision precision, GraphWeights weights) =>
        new LlamaGraph(backbone, shape, precision, weights).Build().ToByteArray();

    private ModelProto Build()
    {
        var x = Embedded();                                          // [B, T, H]
        for (var layer = 0; layer < config.Layers; layer++)
        {
            x = graph.Node("Add", [x, Attention(Norm(x, backbone.InputNorm(layer)), layer)]);
            x = graph.Node("Add", [x, FeedForward(Norm(x, backbone.PostNorm(layer)), layer)]);
        }
        DeclareOutputs(Norm(x, backbone.FinalNorm));
        return graph.Model(Operators);
    }

    private void DeclareInputs()
    {
        graph.IntegerInput(GraphNames.Ids, "B", "T");
        graph.IntegerInput(GraphNames.Positions, "B", "T");
        graph.FloatInput(GraphNames.Bias, "Bm", 1, "T", "T");
        graph.FloatInput(GraphNames.RankScale, "B", 1, shape.Rank);
        graph.IntegerInput(GraphNames.Slots, "S", 2);
        graph.FloatInput(GraphNames.SlotEmbeddings, "S", config.Hidden);
        graph.IntegerInput(GraphNames.HiddenRows, "M");
        graph.IntegerInput(GraphNames.LogitRows, "L");
        graph.IntegerInput(GraphNames.Pairs, "N", 2);
        foreach (var site in shape.Sites(config))
        {
            graph.FloatInput(GraphNames.A(site), config.InputWidth(site.Target), shape.Rank);
            graph.FloatInput(GraphNames.B(site), shape.Rank, config.OutputWidth(site.Target));
        }
    }

    private string Embedded()
    {
        var tokens = graph.Node("Gather", [Table(), GraphNames.Ids], ("axis", 0));
        return graph.Node("ScatterND", [tokens, GraphNames.Slots, GraphNames.SlotEmbeddings]);
    }

    private string Attention(string x, int layer) =>
        Linear(doubleAttention is null ? Mixed(x, layer) : DoubleMixed(doubleAttention, x, layer), layer, LoraTarget.O);

    private string Mixed(string x, int layer)
    {
        var q = Rotate(NormedHeads(Linear(x, layer, LoraTarget.Q), layer, LoraTarget.Q), config.Heads);
        var k = Rotate(NormedHeads(Linear(x, layer, LoraTarget.K), layer, LoraTarget.K), config.KvHeads);
        var v = Linear(x, layer, LoraTarget.V);
        return graph.Node("Attention", [q, k, v, GraphNames.Bias], ("q_num_heads", config.Heads), ("kv_num_heads", config.KvHeads));
    }

    private string Rotate(string x, int heads) =>
        graph.Node("RotaryEmbedding", [x, "cos", "sin", GraphNames.Positions], ("num_heads", heads));

    private string DoubleMixed(DoubleAttention attention, string x, int layer)
    {
        var exact = graph.ToDouble(x);
        var q = NormedHeads(DoubleLinear(attention, x, exact, layer, LoraTarget.Q), layer, LoraTarget.Q);
        var k = NormedHeads(DoubleLinear(attention, x, exact, layer, LoraTarget.K), layer, LoraTarget.K);
        return attention.Mix(q, k, Linear(x, layer, LoraTarget.V));
    }

    // The RMS norm of each head, where the family has one; [B, T, heads d] -> the same shape.
    private string NormedHeads(string x, int layer, LoraTarget target)
    {
        if (backbone.HeadNorm(layer, target) is not { } weight)
            return x;
        var heads = graph.Node("Reshape", [x, graph.Integers(0, 0, -1, config.HeadSize)]);
        var scale = graph.Constant(weight.Name, () => weight.Values, config.HeadSize);
        if (doubleAttention is not null)
            scale = graph.ToDouble(scale);
        var normed = graph.Node("RMSNormalization", [heads, scale], ("axis", -1), ("epsilon", config.NormEpsilon));
        return graph.Node("Reshape", [normed, graph.Integers(0, 0, config.OutputWidth(target))]);
    }

    private string FeedForward(string x, int layer)
    {
        var gate = Linear(x, layer, LoraTarget.Gate);
        var silu = graph.Node("Mul", [gate, graph.Node("Sigmoid", [gate])]);
        return Linear(graph.Node("Mul", [silu, Linear(x, layer, LoraTarget.Up)]), layer, LoraTarget.Down);
    }

    // W x (+ bias) + B (rank_scale * (A x))
    private string Linear(string x, int layer, LoraTarget target)
    {
        var y = Base(x, layer, target);
        if (!shape.Targets.Contains(target))
            return y;
        var site = new LoraSite(layer, target);
        var low = graph.Node("MatMul", [x, GraphNames.A(site)]);     // [B, T, r]
        var gated = graph.Node("Mul", [low, GraphNames.RankScale]);
        return graph.Node("Add", [y, graph.Node("MatMul", [gated, GraphNames.B(site)])]);
    }

    // Like Linear, with the correction in double, since the softmax of attention amplifies rounding errors of q and k.
    private string DoubleLinear(DoubleAttention attention, string x, string exact, int layer, LoraTarget target)
    {
        var y = graph.ToDouble(Base(x, layer, target));
        if (!shape.Targets.Contains(target))
            return y;
        var site = new LoraSite(layer, target);
        var low = graph.Node("MatMul", [exact, graph.ToDouble(GraphNames.A(site))]);
        var gated = graph.Node("Mul", [low, attention.RankScale]);
        return graph.Node("Add", [y, graph.Node("MatMul", [gated, graph.ToDouble(GraphNames.B(site))])]);
    }

    private string Base(string x, int layer, LoraTarget target)
    {
        var y = integers ? IntegerProduct(x, layer, target) : graph.Node("MatMul", [x, Transposed(layer, target)]);
        return backbone.Bias(layer, target) is { } bias
            ? graph.Node("Add", [y, graph.Constant(bias.Name, () => bias.Values, config.OutputWidth(target))]) : y;
    }

    // MatMulNBits quantises the activations in the same blocks, so a token's result does not depend on the rest of the batch.
    private string IntegerProduct(string x, int layer, LoraTarget target)
    {
        var (inputs, outputs) = (config.InputWidth(target), config.OutputWidth(target));
        var matrix = new Lazy<IntegerMatrix>(() => IntegerMatrix.Of(backbone.Linear(layer, target)));
        var blocks = IntegerMatrix.Blocks(inputs);
        var values = graph.Constant($"{WeightName(layer, target)}.int8", () => matrix.Value.Values, outputs, blocks, IntegerMatrix.Block);
        var scales = graph.Constant($"{WeightName(layer, target)}.scale", () => matrix.Value.Scales, outputs * blocks);
        return graph.RuntimeNode("MatMulNBits", [x, values, scales], ("K", inputs), ("N", outputs), ("bits", 8),
            ("block_size", IntegerMatrix.Block), ("accuracy_level", IntegerProducts));
    }

    private static string WeightName(int layer, LoraTarget target) => string.Create(CultureInfo.InvariantCulture, $"W.{layer}.{target}");

    private string Norm(string x, Tensor weight) =>
        graph.Node("RMSNormalization", [x, graph.Constant(weight.Name, () => weight.Values, config.Hidden)], ("axis", -1),
            ("epsilon", config.NormEpsilon));

    // Rows are selected before the output projection, the largest matrix, so that the head scorer, which reads no logits, does not compute
    // it.
    private void DeclareOutputs(string x)
    {
        var flat = graph.Node("Reshape", [x, graph.Integers(-1, config.Hidden)]);
        graph.FloatOutput(graph.Node("Gather", [flat, GraphNames.HiddenRows], ("axis", 0)), GraphNames.Hidden, "M", config.Hidden);

        var rows = graph.Node("Gather", [flat, GraphNames.LogitRows], ("axis", 0));
        var logits = graph.Node("Gemm", [rows, OutputTable()], ("transB", 1));
        graph.FloatOutput(logits, GraphNames.Logits, "L", config.Vocabulary);

        // Not ReduceLogSumExp, which sums sequentially: over 49,152 tokens its rounding changes the third decimal of a title's score.
        var probabilities = graph.Node("LogSoftmax", [logits], ("axis", -1));
        graph.FloatOutput(graph.Node("GatherND", [probabilities, GraphNames.Pairs]), GraphNames.LogProbabilities, "N");
    }

    private string Table() => graph.Constant("embedding", () => backbone.Embedding.Values, config.Vocabulary, config.Hidden);

    private string OutputTable() =>
        config.Tied ? Table() : graph.Constant("output", () => backbone.Output.Values, config.Vocabulary, config.Hidden);

    // MatMul computes x W with W [in, out]; checkpoints store [out, in].
    private string Transposed(int layer, LoraTarget target)
    {
        var (inputs, outputs) = (config.InputWidth(target), config.OutputWidth(target));
        return graph.Constant(WeightName(layer, target),
            () => GraphMatrix.Transpose(backbone.Linear(layer, target).Values, outputs, inputs), inputs, outputs);
    }
}
