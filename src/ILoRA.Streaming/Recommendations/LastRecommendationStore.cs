using ILoRA.Streaming.Events;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Sequences;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Recommendations;

/// <summary>
/// The last recommendation of each user, as the bytes of its event: written by inference, read by ingest for outcomes and by REST.
/// </summary>
public sealed class LastRecommendationStore(IConnectionMultiplexer redis, IOptions<RedisOptions> redisOptions,
    IOptions<SequenceOptions> options)
{
    private readonly SequenceKeys keys = new(redisOptions.Value.KeyPrefix);
    private readonly TimeSpan expiry = options.Value.Expiry;

    /// <summary>Keeps each user's recommendation, given as the event's JSON, in place of the one before.</summary>
    public Task SaveAsync(IEnumerable<(UserId User, byte[] Event)> recommendations)
    {
        var database = redis.GetDatabase();
        return Task.WhenAll(recommendations.Select(r => database.StringSetAsync(keys.Recommendation(r.User.Value), r.Event, expiry)));
    }

    /// <summary>The user's last recommendation, or null.</summary>
    public async Task<RecommendationEvent?> ReadAsync(UserId user) =>
        (byte[]?)await redis.GetDatabase().StringGetAsync(keys.Recommendation(user.Value)) is { } stored
            ? EventJson.Parse<RecommendationEvent>(stored) : null;
}
