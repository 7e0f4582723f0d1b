using System.Globalization;
using ILoRA.Streaming.Outcomes;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>Hits in the top 10 of the full catalogue by line, all on the same events.</summary>
public sealed class OnlineTrialResult
{
    /// <summary>The served score, updated online.</summary>
    public const string Online = "online";

    /// <summary>Everything as shipped, the counts too.</summary>
    public const string Frozen = "frozen";

    /// <summary>The online encoder alone.</summary>
    public const string Encoder = "encoder";

    /// <summary>Recent popularity.</summary>
    public const string Popular = "popular";

    /// <summary>The online score without the language model's term.</summary>
    public const string NoModel = "no-language-model";

    /// <summary>The shipped encoder alone.</summary>
    public const string FrozenEncoder = "encoder-frozen";

    /// <summary>The shipped score without the language model's term.</summary>
    public const string FrozenNoModel = "frozen-no-language-model";

    /// <summary>The lines, the one that the others are compared with first.</summary>
    public static IReadOnlyList<string> Lines { get; } = [Online, Frozen, Encoder, Popular, NoModel, FrozenEncoder, FrozenNoModel];

    public HitRates Hits { get; } = new(Lines);

    /// <summary>Versions that went live.</summary>
    public int Versions { get; internal set; }

    internal void Add(string user, Ranks online, Ranks shipped, int top) => Hits.Add(user,
        [online.Fused <= top, shipped.Fused <= top, online.Encoder <= top, online.Popular <= top, online.NoModel <= top, shipped.Encoder <= top, shipped.NoModel <= top]);

    public override string ToString() =>
        $"{Hits.Clicks} events: {string.Join(", ", Lines.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line} {Hits.Rate(line):F4}")))}";
}
