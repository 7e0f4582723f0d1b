using System.Text.Json.Serialization;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Events;

/// <summary>A person or session that clicks.</summary>
[JsonConverter(typeof(IdConverter<UserId>))]
public readonly record struct UserId(string Value) : IId<UserId>
{
    static UserId IId<UserId>.Of(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>Something that can be recommended.</summary>
[JsonConverter(typeof(IdConverter<ItemId>))]
public readonly record struct ItemId(string Value) : IId<ItemId>
{
    static ItemId IId<ItemId>.Of(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>One emitted recommendation; deterministic from the sequence event it answers.</summary>
[JsonConverter(typeof(IdConverter<RecommendationId>))]
public readonly record struct RecommendationId(string Value) : IId<RecommendationId>
{
    static RecommendationId IId<RecommendationId>.Of(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>One published snapshot of a line, e.g. <c>online-000003</c>.</summary>
[JsonConverter(typeof(IdConverter<AdapterVersion>))]
public readonly record struct AdapterVersion(string Value) : IId<AdapterVersion>
{
    static AdapterVersion IId<AdapterVersion>.Of(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>An arm of a rollout.</summary>
[JsonConverter(typeof(IdConverter<ArmName>))]
public readonly record struct ArmName(string Value) : IId<ArmName>
{
    static ArmName IId<ArmName>.Of(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>A rollout, one compacted key in <c>rollouts</c>.</summary>
[JsonConverter(typeof(IdConverter<RolloutName>))]
public readonly record struct RolloutName(string Value) : IId<RolloutName>
{
    static RolloutName IId<RolloutName>.Of(string value) => new(value);

    public override string ToString() => Value;
}
