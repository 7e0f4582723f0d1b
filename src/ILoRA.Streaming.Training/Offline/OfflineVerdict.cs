using System.Text.Json;
using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>How well a fit on the earlier clicks foresaw the later ones, each ranked among the whole catalogue from the user's history
/// before it.</summary>
/// <param name="FittedOn">The earlier clicks.</param>
/// <param name="From">The time of the first later one.</param>
/// <param name="Judged">Later clicks that were ranked: those with a click of the same user before them.</param>
/// <param name="Users">Whose they are.</param>
/// <param name="Lines">What ranked them.</param>
/// <param name="Gains">Relative gain in HR@10 of <see cref="All"/> over each other line, on the same clicks.</param>
public sealed record OfflineVerdict(int FittedOn, DateTimeOffset From, int Judged, int Users, IReadOnlyList<OfflineMethod> Lines,
    IReadOnlyDictionary<string, OfflineGain> Gains)
{
    public const string All = "all", Popular = "popular", Neighbours = "item-kNN", Encoder = "encoder";

    public string IntervalMethod { get; init; } = "95 % bootstrap by user";

    /// <summary>Whether what would be served is shown to hit more often than every other line.</summary>
    [JsonIgnore]
    public bool IsBest => Gains.Values.All(gain => gain.Interval[0] > 0);

    /// <summary>Whether it is shown to hit more often than what is popular.</summary>
    [JsonIgnore]
    public bool BeatsPopular => Gains.TryGetValue(Popular, out var gain) && gain.Interval[0] > 0;

    internal void Write(string path) =>
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, OfflineVerdictJson.Default.OfflineVerdict));

    internal static OfflineVerdict Read(string path) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(path), OfflineVerdictJson.Default.OfflineVerdict)
        ?? throw new InvalidDataException($"{path} holds no verdict: delete it to judge anew.");
}

/// <param name="Name">Of the line.</param>
/// <param name="Hr10">How often the clicked item was among the first ten.</param>
/// <param name="Hr10Interval">Its 95 % interval, users resampled.</param>
/// <param name="Ndcg10">1 / log2(1 + rank) within the first ten.</param>
/// <param name="Ndcg10Interval">Likewise.</param>
public sealed record OfflineMethod(
    string Name,
    [property: JsonPropertyName("hr10")] double Hr10,
    [property: JsonPropertyName("hr10_interval")] double[] Hr10Interval,
    [property: JsonPropertyName("ndcg10")] double Ndcg10,
    [property: JsonPropertyName("ndcg10_interval")] double[] Ndcg10Interval);

/// <param name="Relative">The gain; null where the other line has no hit.</param>
/// <param name="Interval">Its 95 % interval, users resampled; null likewise.</param>
public sealed record OfflineGain(double? Relative, double?[] Interval);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(OfflineVerdict))]
internal sealed partial class OfflineVerdictJson : JsonSerializerContext;
