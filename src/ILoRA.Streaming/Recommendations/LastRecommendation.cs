using System.IO.Hashing;
using System.Text;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Recommendations;

/// <summary>The last recommendation made for a user, as ingest joins it with the click that follows.</summary>
public sealed record LastRecommendation(RecommendationEvent Event)
{
    /// <summary>The id as the 64 bits that a sequence remembers; never 0.</summary>
    public ulong Code { get; } = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(Event.Id.Value)) | 1;

    /// <summary>Reads the stored event; null where there is none, or one that another version of the program wrote.</summary>
    public static LastRecommendation? Read(byte[]? stored)
    {
        if (stored is null)
            return null;
        try
        {
            return new(EventJson.Parse<RecommendationEvent>(stored));
        }
        catch (PoisonException)
        {
            return null;
        }
    }

    /// <summary>The recommendation and the click that followed.</summary>
    public OutcomeEvent Outcome(ClickEvent click)
    {
        var place = Event.Items.Select((ranked, i) => (ranked, Rank: i + 1)).FirstOrDefault(entry => entry.ranked.Item == click.Item);
        return new()
        {
            Recommendation = Event.Id,
            User = Event.User,
            Item = click.Item,
            Rank = place.Rank == 0 ? null : place.Rank,
            // Clocks differ, and a replay's clicks are older than what answers them.
            Delay = Math.Max(0, (click.Time - Event.Time).TotalSeconds),
            Version = Event.Version,
            Arm = Event.Arm,
            Rollout = Event.Rollout,
            Time = click.Time,
            Propensity = place.ranked?.Propensity,
            Segment = Event.Segment,
        };
    }
}
