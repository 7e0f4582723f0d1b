using System.Text;
using System.Text.Json;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Tests.Model.Gguf;

/// <summary>Writes a GGUF file in the layout of llama.cpp's converter.</summary>
internal sealed class GgufBuilder
{
    private const int Alignment = 32;

    private readonly List<(string Name, Action<BinaryWriter> Write)> pairs = [];
    private readonly List<(string Name, Tensor Tensor)> tensors = [];

    public GgufBuilder Text(string name, string value) => Add(name, 8, writer => Write(writer, value));

    public GgufBuilder Integer(string name, uint value) => Add(name, 4, writer => writer.Write(value));

    public GgufBuilder Number(string name, float value) => Add(name, 6, writer => writer.Write(value));

    public GgufBuilder Texts(string name, IReadOnlyCollection<string> values) => Array(name, 8, values, Write);

    public GgufBuilder Integers(string name, IReadOnlyCollection<int> values) =>
        Array(name, 5, values, (writer, value) => writer.Write(value));

    public GgufBuilder Numbers(string name, IReadOnlyCollection<float> values) =>
        Array(name, 6, values, (writer, value) => writer.Write(value));

    /// <summary>Adds a tensor as F32.</summary>
    public GgufBuilder Tensor(string name, Tensor tensor)
    {
        tensors.Add((name, tensor));
        return this;
    }

    public byte[] Build(uint version = 3)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("GGUF"u8);
        writer.Write(version);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)pairs.Count);
        foreach (var (name, write) in pairs)
        {
            Write(writer, name);
            write(writer);
        }
        ulong at = 0;
        foreach (var (name, tensor) in tensors)
        {
            Write(writer, name);
            writer.Write(tensor.Shape.Count);
            foreach (var size in tensor.Shape.Reverse())
                writer.Write((ulong)size);
            writer.Write(0);
            writer.Write(at);
            at += (ulong)(tensor.Values.Length * 4 + Alignment - 1) / Alignment * Alignment;
        }
        foreach (var (_, tensor) in tensors)
        {
            writer.Write(new byte[(Alignment - file.Position % Alignment) % Alignment]);
            System.Array.ForEach(tensor.Values, writer.Write);
        }
        return file.ToArray();
    }

    /// <summary>Converts a backbone of the family llama or qwen2 with its byte-level tokenizer.</summary>
    /// <param name="source">The backbone.</param>
    /// <param name="tokenizerJson">The content of its tokenizer.json.</param>
    /// <param name="theta">The base of the rotary frequencies; null for the source's.</param>
    public static GgufBuilder Of(Backbone source, string tokenizerJson, double? theta = null)
    {
        var (config, family) = (source.Config, source.Config.Family);
        var builder = new GgufBuilder().Text("general.architecture", family).Integer($"{family}.block_count", (uint)config.Layers)
            .Integer($"{family}.context_length", (uint)config.MaxPositions).Integer($"{family}.embedding_length", (uint)config.Hidden)
            .Integer($"{family}.feed_forward_length", (uint)config.FeedForward)
            .Integer($"{family}.attention.head_count", (uint)config.Heads)
            .Integer($"{family}.attention.head_count_kv", (uint)config.KvHeads)
            .Number($"{family}.attention.layer_norm_rms_epsilon", config.NormEpsilon)
            .Number($"{family}.rope.freq_base", (float)(theta ?? config.RopeTheta));
        builder.AddTokenizer(tokenizerJson);
        builder.Tensor("token_embd.weight", source.Embedding).Tensor("output_norm.weight", source.FinalNorm);
        if (!config.Tied)
            builder.Tensor("output.weight", source.Output);
        for (var layer = 0; layer < config.Layers; layer++)
            builder.AddLayer(source, layer);
        return builder;
    }

    private void AddTokenizer(string tokenizerJson)
    {
        using var json = JsonDocument.Parse(tokenizerJson);
        var model = json.RootElement.GetProperty("model");
        string[] tokens = [.. model.GetProperty("vocab").EnumerateObject().OrderBy(token => token.Value.GetInt32())
            .Select(token => token.Name)];
        Text("tokenizer.ggml.model", "gpt2").Text("tokenizer.ggml.pre", "smollm").Texts("tokenizer.ggml.tokens", tokens);
        Integers("tokenizer.ggml.token_type", [.. tokens.Select(token => token.StartsWith("<|", StringComparison.Ordinal) ? 3 : 1)]);
        Texts("tokenizer.ggml.merges",
            [.. model.GetProperty("merges").EnumerateArray()
                .Select(merge => merge.ValueKind == JsonValueKind.Array ? $"{merge[0]} {merge[1]}" : merge.GetString()!)]);
    }

    private void AddLayer(Backbone source, int layer)
    {
        Tensor($"blk.{layer}.attn_norm.weight", source.InputNorm(layer)).Tensor($"blk.{layer}.ffn_norm.weight", source.PostNorm(layer));
        string[] names = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"];
        foreach (var (target, name) in Enum.GetValues<LoraTarget>().Zip(names))
        {
            var weight = source.Linear(layer, target);
            Tensor($"blk.{layer}.{name}.weight",
                source.Config.Family == "llama" && target <= LoraTarget.K ? Interleaved(weight, source.Config.HeadSize) : weight);
            if (source.Bias(layer, target) is { } bias)
                Tensor($"blk.{layer}.{name}.bias", bias);
        }
    }

    // reshape(heads, 2, d/2, in) with the two middle dimensions swapped: permute of convert_hf_to_gguf.py.
    private static Tensor Interleaved(Tensor weight, int size)
    {
        var width = weight.Shape[1];
        var values = new List<float>(weight.Values.Length);
        for (var head = 0; head < weight.Shape[0]; head += size)
            for (var pair = 0; pair < size / 2; pair++)
                foreach (var half in (int[])[0, 1])
                    values.AddRange(weight.Values.AsSpan((head + half * size / 2 + pair) * width, width));
        return weight with { Values = [.. values] };
    }

    private GgufBuilder Array<T>(string name, uint type, IReadOnlyCollection<T> values, Action<BinaryWriter, T> write) =>
        Add(name, 9, writer =>
    {
        writer.Write(type);
        writer.Write((ulong)values.Count);
        foreach (var value in values)
            write(writer, value);
    });

    private GgufBuilder Add(string name, uint type, Action<BinaryWriter> write)
    {
        pairs.Add((name, writer =>
        {
            writer.Write(type);
            write(writer);
        }
        ));
        return this;
    }

    private static void Write(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
