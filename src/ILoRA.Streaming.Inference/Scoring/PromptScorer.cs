using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Inference.Scoring;

/// <summary>Scores given prompts and candidates by the same graph that serves: what <c>ilora score</c> runs.</summary>
public sealed class PromptScorer : IDisposable
{
    private readonly AdapterFolder? adapter;
    private readonly BackboneSession session;
    private readonly AdapterTensors tensors;

    /// <param name="backbone">The frozen language model.</param>
    /// <param name="adapter">Null scores the bare backbone.</param>
    /// <param name="device">Null takes CUDA in a CUDA build and the CPU otherwise.</param>
    /// <param name="threads">Threads of a run.</param>
    /// <param name="logger">Hears of a fallback of the device.</param>
    /// <exception cref="InvalidDataException">The adapter does not fit the backbone.</exception>
    public PromptScorer(Backbone backbone, AdapterFolder? adapter, Device? device, int threads, ILogger logger)
    {
        this.adapter = adapter;
        var shape = adapter is null ? new GraphShape(1, []) : GraphShape.Of(adapter.Lora.Shape);
        tensors = AdapterTensors.Of(backbone.Config, shape, adapter?.Lora);
        session = BackboneSession.Open(backbone, shape, device, threads, logger);
    }

    /// <summary>Scores JSON Lines; the results come in the order of the lines, empty ones left out.</summary>
    /// <param name="lines">One <see cref="ScoreRequest"/> each.</param>
    /// <param name="source">Names the lines' origin in errors.</param>
    /// <exception cref="InvalidDataException">A line cannot be scored; the message says which and why.</exception>
    public IEnumerable<ScoreResult> Score(IEnumerable<string> lines, string source)
    {
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                yield return Score(line, source, number);
        }
    }

    /// <exception cref="InvalidDataException">The request does not fit the backbone or the adapter.</exception>
    public ScoreResult Score(ScoreRequest request)
    {
        var tokenizer = session.Backbone.Tokenizer;
        var prompt = request.PromptIds ?? (request.Prompt is { } text ? tokenizer.Encode(text) : throw new InvalidDataException("it has neither prompt_ids nor prompt"));
        var candidates = request.CandidateIds ?? request.Candidates?.Select(tokenizer.Encode).ToArray() ?? throw new InvalidDataException("it has neither candidate_ids nor candidates");
        if (prompt.Length == 0 || candidates.Any(candidate => candidate is not { Length: > 0 }))
            throw new InvalidDataException("the prompt or a candidate is empty");
        var gate = Gate(request);
        var run = new PromptRun
        {
            Ids = prompt,
            RankScale = adapter is null ? [] : adapter.Lora.Shape.RankScale(gate),
            Slots = Slots(request, prompt.Length),
            SlotEmbeddings = [.. (request.ItemRows ?? []).SelectMany(Project)],
        };
        return new ScoreResult(session.TitleScores(run, candidates, tensors), adapter is null ? null : gate);
    }

    public void Dispose()
    {
        tensors.Dispose();
        session.Dispose();
    }

    private ScoreResult Score(string line, string source, int number)
    {
        try
        {
            return Score(ScoreRequest.Parse(line));
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException)
        {
            throw new InvalidDataException($"{source}, line {number}: {error.Message}", error);
        }
    }

    // Given weights, else the adapter's gate on the given vector, else the uniform gate (ordinary LoRA).
    private float[] Gate(ScoreRequest request)
    {
        if (adapter is null)
            return request.Gate is null && request.Z is null ? [] : throw new InvalidDataException("it has a gate or z, but no adapter was given");
        if (request.Gate is { } weights)
            return weights;
        return request.Z is { } z ? adapter.Gate.Weights(z) : Model.Adapters.Gate.Uniform(adapter.Gate.Experts, adapter.Gate.Width).Weights([]);
    }

    private static int[] Slots(ScoreRequest request, int length)
    {
        var slots = request.ItemSlots ?? [];
        if (slots.Length != (request.ItemRows?.Length ?? 0))
            throw new InvalidDataException($"it has {slots.Length} item_slots and {request.ItemRows?.Length ?? 0} item_rows");
        foreach (var slot in slots)
        {
            if ((uint)slot >= (uint)length)
                throw new InvalidDataException($"item slot {slot} lies outside the prompt of {length} tokens");
        }
        return slots;
    }

    private float[] Project(float[] row)
    {
        var projector = adapter?.Projector ?? throw new InvalidDataException("it has item_rows, but the adapter has no projector");
        return row?.Length == projector.Width ? projector.Project(row) : throw new InvalidDataException($"an item row has {row?.Length ?? 0} numbers, the projector reads {projector.Width}");
    }
}
