using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Inference.Scoring;

/// <summary>A <see cref="ScoreRequest"/> converted to the inputs of a forward pass: token ids, gate weights and embeddings.</summary>
/// <param name="Prompt">Token ids [T].</param>
/// <param name="Candidates">The token ids of each candidate, at least one each.</param>
/// <param name="Gate">The experts' weights [K]; null without an adapter.</param>
/// <param name="RankScale">The scale of each rank row [r], from <see cref="AdapterShape.RankScale"/>; empty without an adapter.</param>
/// <param name="Slots">The positions in the prompt whose embeddings are replaced [S].</param>
/// <param name="Embeddings">The new embeddings [S][H].</param>
public sealed record ResolvedRequest(int[] Prompt, int[][] Candidates, float[]? Gate, float[] RankScale, int[] Slots, float[][] Embeddings)
{
    /// <summary>Converts a request.</summary>
    /// <exception cref="InvalidDataException">The request does not fit the backbone or the adapter.</exception>
    public static ResolvedRequest Of(ScoreRequest request, Backbone backbone, AdapterFolder? adapter)
    {
        var tokenizer = backbone.Tokenizer;
        var prompt =
            request.PromptIds
                ?? (request.Prompt is { } text
                    ? tokenizer.Encode(text) : throw new InvalidDataException("it has neither prompt_ids nor prompt"));
        var candidates =
            request.CandidateIds ?? request.Candidates?.Select(tokenizer.Encode).ToArray()
                ?? throw new InvalidDataException("it has neither candidate_ids nor candidates");
        if (prompt.Length == 0 || candidates.Length == 0 || candidates.Any(candidate => candidate is not { Length: > 0 }))
            throw new InvalidDataException("the prompt or a candidate is empty");
        RequireTokens(prompt, candidates, backbone.Config);
        var gate = GateOf(request, adapter);
        return new ResolvedRequest(
            prompt, candidates, gate, gate is null ? [] : adapter!.Lora.Shape.RankScale(gate), SlotsOf(request, prompt.Length),
            [.. (request.ItemRows ?? []).Select(row => Project(row, adapter))]);
    }

    private static void RequireTokens(int[] prompt, int[][] candidates, BackboneConfig config)
    {
        foreach (var token in candidates.Append(prompt).SelectMany(ids => ids))
        {
            if ((uint)token >= (uint)config.Vocabulary)
                throw new InvalidDataException($"token {token} is outside the vocabulary of {config.Vocabulary}");
        }
        var longest = prompt.Length + candidates.Max(candidate => candidate.Length);
        if (longest > config.MaxPositions)
            throw new InvalidDataException($"prompt and candidate have {longest} tokens, the backbone reads {config.MaxPositions}");
    }

    // The given weights; else those of the adapter's gate for the given z; else uniform weights, which is an ordinary LoRA.
    private static float[]? GateOf(ScoreRequest request, AdapterFolder? adapter)
    {
        if (adapter is null)
            return request.Gate is null && request.Z is null
                ? null : throw new InvalidDataException("it has a gate or z, but no adapter was given");
        if (request.Gate is { } weights)
            return weights;
        return request.Z is { } z
            ? adapter.Gate.Weights(z) : Model.Adapters.Gate.Uniform(adapter.Gate.Experts, adapter.Gate.Width).Weights([]);
    }

    private static int[] SlotsOf(ScoreRequest request, int length)
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

    private static float[] Project(float[] row, AdapterFolder? adapter)
    {
        var projector = adapter?.Projector ?? throw new InvalidDataException("it has item_rows, but the adapter has no projector");
        return row?.Length == projector.Width
            ? projector.Project(row)
            : throw new InvalidDataException($"an item row has {row?.Length ?? 0} numbers, the projector reads {projector.Width}");
    }
}
