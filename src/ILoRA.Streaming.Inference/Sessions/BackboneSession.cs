using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Model.Loading;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace ILoRA.Streaming.Inference.Sessions;

/// <summary>
/// The frozen backbone as an ONNX Runtime session, which any number of threads and adapter versions can use concurrently. On CPUs, one
/// thread per run and as many concurrent runs as cores had the highest throughput.
/// </summary>
public sealed class BackboneSession : IDisposable
{
    private readonly InferenceSession session;
    private readonly GraphWeights weights;
    private readonly RunOptions options = new();

    private BackboneSession(InferenceSession session, GraphWeights weights, Backbone backbone, GraphShape shape) =>
        (this.session, this.weights, Backbone, Shape) = (session, weights, backbone, shape);

    public Backbone Backbone { get; }

    public GraphShape Shape { get; }

    /// <summary>Builds the graph and opens a session. The weights are converted only where the cache does not have them.</summary>
    /// <param name="backbone">The frozen language model.</param>
    /// <param name="shape">The shape of the adapters.</param>
    /// <param name="precision">The numeric precision: Fast for serving, Exact to compare scores.</param>
    /// <param name="device">The device; null for CUDA in a CUDA build and the CPU otherwise.</param>
    /// <param name="threads">The number of threads of one run.</param>
    /// <param name="logger">Logs a fallback to the CPU and the loaded model.</param>
    /// <param name="cache">The cache of converted weights; null for the user's default cache.</param>
    public static BackboneSession Open(Backbone backbone, GraphShape shape, GraphPrecision precision, Device? device, int threads,
        ILogger logger, WeightCache? cache = null)
    {
        var weights = GraphWeights.Of(backbone, precision, cache ?? WeightCache.Default);
        try
        {
            return new BackboneSession(Load(backbone, shape, precision, device, threads, logger, weights), weights, backbone, shape);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    private static InferenceSession Load(Backbone backbone, GraphShape shape, GraphPrecision precision, Device? device, int threads,
        ILogger logger, GraphWeights weights)
    {
        var model = weights.Complete(() => LlamaGraph.Write(backbone, shape, precision, weights));
        var (settings, chosen) = DeviceChoice.Options(device, threads, logger);
        using var _ = settings;
        settings.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", weights.Folder);
        DeviceLog.Loaded(logger, backbone.Summary, precision, weights.Bytes / 1_000_000, weights.Folder, chosen);
        var session = new InferenceSession(model, settings);
        weights.RemoveTemporary();
        return session;
    }

    /// <summary>Computes the hidden state of one position after the final norm.</summary>
    /// <returns>[H]</returns>
    public float[] Hidden(PromptRun run, AdapterTensors adapter, int row) => Run(run, adapter, [row], GraphNames.Hidden);

    /// <summary>Computes log p(token) of each of the run's pairs.</summary>
    /// <returns>[N], in nats.</returns>
    public float[] LogProbabilities(PromptRun run, AdapterTensors adapter) => Run(run, adapter, [], GraphNames.LogProbabilities);

    /// <summary>Computes the logits of the run's rows.</summary>
    /// <returns>[L, V]</returns>
    public float[] Logits(PromptRun run, AdapterTensors adapter) => Run(run, adapter, [], GraphNames.Logits);

    public void Dispose()
    {
        session.Dispose();
        options.Dispose();
        weights.Dispose();
    }

    private float[] Run(PromptRun run, AdapterTensors adapter, long[] hiddenRows, string output)
    {
        if (!adapter.TryHold())
            throw new ObjectDisposedException(nameof(AdapterTensors), "The adapter version was freed before the run; take a new lease.");
        using var inputs = new RunInputs(run, Backbone.Config, hiddenRows);
        try
        {
            string[] names = [.. RunInputs.Names, .. adapter.Names];
            OrtValue[] values = [.. inputs.Values, .. adapter.Values];
            using var results = session.Run(options, names, values, [output]);
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        }
        finally
        {
            adapter.Release();
        }
    }
}
