using System.Text.Json.Serialization;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming;

/// <summary>A person or session that clicks.</summary>
[JsonConverter(typeof(UserIdConverter))]
public readonly record struct UserId(string Value)
{
    public override string ToString() => Value;
}

internal sealed class UserIdConverter : IdConverter<UserId>
{
    protected override UserId Create(string value) => new(value);

    protected override string ValueOf(UserId id) => id.Value;
}

/// <summary>Something that can be recommended.</summary>
[JsonConverter(typeof(ItemIdConverter))]
public readonly record struct ItemId(string Value)
{
    public override string ToString() => Value;
}

internal sealed class ItemIdConverter : IdConverter<ItemId>
{
    protected override ItemId Create(string value) => new(value);

    protected override string ValueOf(ItemId id) => id.Value;
}

/// <summary>One emitted recommendation; deterministic from the sequence event it answers.</summary>
[JsonConverter(typeof(RecommendationIdConverter))]
public readonly record struct RecommendationId(string Value)
{
    public override string ToString() => Value;
}

internal sealed class RecommendationIdConverter : IdConverter<RecommendationId>
{
    protected override RecommendationId Create(string value) => new(value);

    protected override string ValueOf(RecommendationId id) => id.Value;
}

/// <summary>One published snapshot of a line, e.g. <c>online-000003</c>.</summary>
[JsonConverter(typeof(AdapterVersionConverter))]
public readonly record struct AdapterVersion(string Value)
{
    public override string ToString() => Value;
}

internal sealed class AdapterVersionConverter : IdConverter<AdapterVersion>
{
    protected override AdapterVersion Create(string value) => new(value);

    protected override string ValueOf(AdapterVersion id) => id.Value;
}

/// <summary>An arm of a rollout.</summary>
[JsonConverter(typeof(ArmNameConverter))]
public readonly record struct ArmName(string Value)
{
    public override string ToString() => Value;
}

internal sealed class ArmNameConverter : IdConverter<ArmName>
{
    protected override ArmName Create(string value) => new(value);

    protected override string ValueOf(ArmName id) => id.Value;
}

/// <summary>A rollout, one compacted key in <c>rollouts</c>.</summary>
[JsonConverter(typeof(RolloutNameConverter))]
public readonly record struct RolloutName(string Value)
{
    public override string ToString() => Value;
}

internal sealed class RolloutNameConverter : IdConverter<RolloutName>
{
    protected override RolloutName Create(string value) => new(value);

    protected override string ValueOf(RolloutName id) => id.Value;
}
