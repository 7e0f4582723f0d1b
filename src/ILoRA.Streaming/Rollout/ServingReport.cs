using System.Text.Json;
using System.Text.Json.Serialization;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Rollout;

/// <summary>What one inference worker really serves, as it reports it itself.</summary>
public sealed record ServingReport
{
    /// <summary>Host name and process id.</summary>
    public required string Worker { get; init; }
    public required DateTimeOffset Time { get; init; }

    /// <summary>The plan that is served; null where none could be, and users get the fallback list.</summary>
    public ServedRollout? Plan { get; init; }

    /// <summary>Each arm's version; empty where no plan is served.</summary>
    public required IReadOnlyList<ServedArm> Arms { get; init; }

    /// <summary>The plan that should be served and is not; null where there is none such.</summary>
    public PendingPlan? Pending { get; init; }

    /// <summary>Announced versions that this worker refused to load, with the reason, by line/version.</summary>
    public IReadOnlyDictionary<string, string> Refused { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Whether the worker serves this plan. Name and revision do not say it alone: the plan that is served while none was applied is also a
    /// first revision, and the first one of the same name may have other arms.
    /// </summary>
    public bool IsOf(RolloutPlan plan) => Plan == new ServedRollout(plan.Rollout, plan.Revision)
        && plan.Arms.All(arm => Arms.Any(served =>
            served.Arm == arm.Name && served.Line == arm.Line && (arm.Version is null || served.Version == arm.Version)));

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, ServingJson.Default.ServingReport);

    /// <summary>Reads a stored report; null for one that another version of the program wrote.</summary>
    internal static ServingReport? Read(byte[] stored)
    {
        try
        {
            return JsonSerializer.Deserialize(stored, ServingJson.Default.ServingReport);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Which revision of which rollout.</summary>
public sealed record ServedRollout(RolloutName Rollout, long Revision);

/// <summary>An arm as it is served.</summary>
/// <param name="Arm">The arm's name.</param>
/// <param name="Line">The line that the arm follows or pins.</param>
/// <param name="Version">The version that is loaded.</param>
/// <param name="ItemsKnown">Share of the catalogue's items that the version knows; null where the catalogue is empty.</param>
/// <param name="ClickedKnown">Share of the recently clicked items that it knows; null where the worker has seen no click.</param>
public sealed record ServedArm(ArmName Arm, LineName Line, AdapterVersion Version, double? ItemsKnown, double? ClickedKnown);

/// <summary>A plan that a worker cannot serve yet, or not at all.</summary>
public sealed record PendingPlan(RolloutName Rollout, long Revision, string Reason);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TimeConverter)])]
[JsonSerializable(typeof(ServingReport))]
internal sealed partial class ServingJson : JsonSerializerContext;
