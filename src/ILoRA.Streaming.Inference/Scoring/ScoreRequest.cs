using System.Text.Json;
using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Inference.Scoring;

/// <summary>A line of a scoring file: a prompt and its candidates, each as token ids or as text.</summary>
public sealed record ScoreRequest
{
    public int[]? PromptIds { get; init; }

    public string? Prompt { get; init; }

    public int[][]? CandidateIds { get; init; }

    public string[]? Candidates { get; init; }

    /// <summary>The experts' weights [K], instead of those of the adapter's gate.</summary>
    public float[]? Gate { get; init; }

    /// <summary>The sequence vector [d] for the adapter's gate.</summary>
    public float[]? Z { get; init; }

    /// <summary>The positions in the prompt whose embeddings are replaced [S].</summary>
    public int[]? ItemSlots { get; init; }

    /// <summary>The item rows for the adapter's projector [S][d].</summary>
    public float[][]? ItemRows { get; init; }

    /// <summary>Parses a line.</summary>
    /// <exception cref="InvalidDataException">The line is not a valid request.</exception>
    public static ScoreRequest Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ScoreContext.Default.ScoreRequest)
                ?? throw new InvalidDataException("it is null, not a JSON object");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"it is not a valid request: {error.Message}", error);
        }
    }
}

/// <summary>The result of one request.</summary>
/// <param name="LogLikelihood">log p(candidate | prompt) [candidates], in nats.</param>
/// <param name="Gate">The experts' weights [K]; absent without an adapter.</param>
public sealed record ScoreResult(float[] LogLikelihood, float[]? Gate)
{
    /// <summary>The result as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ScoreContext.Default.ScoreResult);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ScoreRequest))]
[JsonSerializable(typeof(ScoreResult))]
internal sealed partial class ScoreContext : JsonSerializerContext;
