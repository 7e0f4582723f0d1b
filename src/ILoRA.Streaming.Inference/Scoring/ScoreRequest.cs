using System.Text.Json;
using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Inference.Scoring;

/// <summary>One line of a scoring file: a prompt and candidates, each as token ids or as text.</summary>
public sealed record ScoreRequest
{
    public int[]? PromptIds { get; init; }

    public string? Prompt { get; init; }

    public int[][]? CandidateIds { get; init; }

    public string[]? Candidates { get; init; }

    /// <summary>[K], the gate's weights as they are.</summary>
    public float[]? Gate { get; init; }

    /// <summary>[d], a sequence vector for the adapter's own gate.</summary>
    public float[]? Z { get; init; }

    /// <summary>[S], positions in the prompt whose embeddings are replaced.</summary>
    public int[]? ItemSlots { get; init; }

    /// <summary>[S][d], item rows for the adapter's projector.</summary>
    public float[][]? ItemRows { get; init; }

    /// <exception cref="InvalidDataException">The line is no such request.</exception>
    public static ScoreRequest Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ScoreContext.Default.ScoreRequest) ?? throw new InvalidDataException("it is null, not a JSON object");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"it is no valid request: {error.Message}", error);
        }
    }
}

/// <summary>What one line gave.</summary>
/// <param name="LogLikelihood">[candidates]: log p(candidate | prompt).</param>
/// <param name="Gate">[K]; absent without an adapter.</param>
public sealed record ScoreResult(float[] LogLikelihood, float[]? Gate)
{
    public string ToJson() => JsonSerializer.Serialize(this, ScoreContext.Default.ScoreResult);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ScoreRequest))]
[JsonSerializable(typeof(ScoreResult))]
internal sealed partial class ScoreContext : JsonSerializerContext;
