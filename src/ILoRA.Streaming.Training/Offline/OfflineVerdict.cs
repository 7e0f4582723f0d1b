using System.Text.Json;
using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>
/// The result of a hold-out evaluation: how well a fit on the earlier clicks, and simpler methods, rank the later clicks among the whole
/// catalogue.
/// </summary>
/// <param name="FittedOn">The number of earlier clicks.</param>
/// <param name="From">The time of the first held-out click.</param>
/// <param name="Judged">The number of held-out clicks that were ranked: those with an earlier click of the same user.</param>
/// <param name="Users">The number of users of these clicks.</param>
/// <param name="Methods">The results of all methods.</param>
/// <param name="Gains">The relative gain in HR@10 of <see cref="All"/> over each other method, on the same clicks.</param>
public sealed record OfflineVerdict(int FittedOn, DateTimeOffset From, int Judged, int Users,
    [property: JsonPropertyName("lines")] IReadOnlyList<OfflineMethod> Methods, IReadOnlyDictionary<string, OfflineGain> Gains)
{
    public const string All = "all", Popular = "popular", Neighbours = "item-kNN", Encoder = "encoder";

    public string IntervalMethod { get; init; } = "95 % bootstrap by user";

    /// <summary>Whether the HR@10 of the served model is significantly higher than that of every other method.</summary>
    [JsonIgnore]
    public bool IsBest => Gains.Values.All(gain => gain.Interval[0] > 0);

    /// <summary>Whether the HR@10 of the served model is significantly higher than that of popularity.</summary>
    [JsonIgnore]
    public bool BeatsPopular => Gains.TryGetValue(Popular, out var gain) && gain.Interval[0] > 0;

    internal void Write(string path) =>
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, OfflineVerdictJson.Default.OfflineVerdict));

    internal static OfflineVerdict Read(string path) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(path), OfflineVerdictJson.Default.OfflineVerdict)
        ?? throw new InvalidDataException($"{path} contains no result of an evaluation: delete it to evaluate again.");
}

/// <summary>The result of one method of a hold-out evaluation.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Hr10">HR@10: the share of clicks whose item was ranked among the first ten.</param>
/// <param name="Hr10Interval">The 95 % bootstrap interval of HR@10, by resampling users.</param>
/// <param name="Ndcg10">NDCG@10: the mean of 1 / log2(1 + rank), 0 for ranks above ten.</param>
/// <param name="Ndcg10Interval">The 95 % bootstrap interval of NDCG@10, by resampling users.</param>
public sealed record OfflineMethod(
    string Name,
    [property: JsonPropertyName("hr10")] double Hr10,
    [property: JsonPropertyName("hr10_interval")] double[] Hr10Interval,
    [property: JsonPropertyName("ndcg10")] double Ndcg10,
    [property: JsonPropertyName("ndcg10_interval")] double[] Ndcg10Interval);

/// <summary>A relative gain over another method.</summary>
/// <param name="Relative">The relative gain; null where the other method has no hit.</param>
/// <param name="Interval">Its 95 % bootstrap interval, by resampling users; bounds are null where the other method has no hit.</param>
public sealed record OfflineGain(double? Relative, double?[] Interval);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(OfflineVerdict))]
internal sealed partial class OfflineVerdictJson : JsonSerializerContext;
