using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using Microsoft.ML.OnnxRuntime;

namespace ILoRA.Streaming.Inference.Sessions;

/// <summary>The LoRA factors of one version as native inputs of the graph.</summary>
/// <remarks>
/// A run with a disposed value would crash the process, so the values are reference-counted: each run holds a reference, and releasing the
/// last one frees them. </remarks>
public sealed class AdapterTensors : IDisposable
{
    private readonly string[] names;
    private readonly OrtValue[] values;
    private int holders = 1;
    private int disposed;

    private AdapterTensors(string[] names, OrtValue[] values) => (this.names, this.values) = (names, values);

    internal ReadOnlySpan<string> Names => names;

    internal ReadOnlySpan<OrtValue> Values => values;

    /// <summary>Creates the inputs, with the factors transposed to A [in, r] and B [r, out].</summary>
    /// <exception cref="InvalidDataException">A pair is missing or of a wrong size.</exception>
    public static AdapterTensors Of(BackboneConfig config, GraphShape graph, LoraWeights? lora)
    {
        var names = new List<string>();
        var arrays = new List<(float[] Values, long[] Shape)>();
        foreach (var site in graph.Sites(config))
        {
            var pair = lora is not null && lora.Pairs.TryGetValue(site, out var found) ? found
                : throw new InvalidDataException(
                    $"The adapter has no factors for layer {site.Layer} {site.Target}, the graph expects {graph}.");
            var (input, output) = (config.InputWidth(site.Target), config.OutputWidth(site.Target));
            Add(GraphNames.A(site), pair.A, graph.Rank, input);
            Add(GraphNames.B(site), pair.B, output, graph.Rank);
        }
        return new AdapterTensors([.. names], [.. arrays.Select(array => OrtValue.CreateTensorValueFromMemory(array.Values, array.Shape))]);

        void Add(string name, float[] factor, int rows, int columns)
        {
            if (factor.Length != rows * columns)
                throw new InvalidDataException(
                    $"{name} has {factor.Length} numbers, the graph expects {rows} x {columns}; retrain or roll back.");
            names.Add(name);
            arrays.Add((GraphMatrix.Transpose(factor, rows, columns), [columns, rows]));
        }
    }

    /// <summary>Adds a reference, to be given back by <see cref="Release"/>.</summary>
    /// <returns>False where the values are freed already.</returns>
    internal bool TryHold()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref holders);
            if (seen == 0)
                return false;
        }
        while (Interlocked.CompareExchange(ref holders, seen + 1, seen) != seen);
        return true;
    }

    internal void Release()
    {
        if (Interlocked.Decrement(ref holders) > 0)
            return;
        foreach (var value in values)
            value.Dispose();
    }

    /// <summary>Releases the owner's reference; the values are freed when the last run ends.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
            Release();
    }
}
