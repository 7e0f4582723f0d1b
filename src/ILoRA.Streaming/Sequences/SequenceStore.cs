using System.Globalization;
using Confluent.Kafka;
using ILoRA.Streaming.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Sequences;

/// <summary>A user's stored sequence and the last recommendation made for them (its event's bytes).</summary>
public readonly record struct StoredUser(Sequence Sequence, byte[]? Recommendation);

/// <summary>A new sequence in the place of the one that was read.</summary>
public readonly record struct SequenceWrite(string User, Sequence Read, Sequence Next);

/// <summary>
/// Users' sequences in Redis or Garnet: read a batch of users, then write them with one script that compares each user's fence with the one
/// that was read, so that a worker that lost its partition cannot undo its successor's work.
/// </summary>
public sealed class SequenceStore(IConnectionMultiplexer redis, IOptions<RedisOptions> redisOptions, IOptions<SequenceOptions> options)
{
    private readonly SequenceKeys keys = new(redisOptions.Value.KeyPrefix);
    private readonly long expiry = (long)options.Value.Expiry.TotalSeconds;

    public async Task<StoredUser[]> ReadAsync(IReadOnlyList<string> users)
    {
        var database = redis.GetDatabase();
        var wanted = new RedisKey[2 * users.Count];
        for (var i = 0; i < users.Count; i++)
            (wanted[i], wanted[users.Count + i]) = (keys.Sequence(users[i]), keys.Recommendation(users[i]));
        // A cluster serves only keys of one slot in a command.
        var values =
            IsCluster ? await Task.WhenAll(wanted.Select(key => database.StringGetAsync(key))) : await database.StringGetAsync(wanted);
        var stored = new StoredUser[users.Count];
        for (var i = 0; i < stored.Length; i++)
            stored[i] = new(Sequence.Parse(values[i]), values[users.Count + i]);
        return stored;
    }

    /// <summary>
    /// Writes a batch and the partitions' progress; returns the indices of writes that were refused because someone else wrote first.
    /// </summary>
    /// <exception cref="StateLostException">the store is behind what was applied; nothing was written</exception>
    public async Task<IReadOnlyList<int>> WriteAsync(IReadOnlyList<SequenceWrite> writes, IReadOnlyList<ProgressStep> steps)
    {
        if (!IsCluster)
            return await RunAsync([.. Enumerable.Range(0, writes.Count)], writes, steps);
        // Slots first and progress last: a crash between leaves the progress behind, which only repeats work.
        await RunAsync([], writes, [.. steps.Select(step => step with { Next = step.Expected })]);
        var slots = Enumerable.Range(0, writes.Count).GroupBy(i => redis.HashSlot(keys.Sequence(writes[i].User)));
        var refused = await Task.WhenAll(slots.Select(slot => RunAsync([.. slot], writes, [])));
        foreach (var step in steps)
            await RunAsync([], writes, [step]);
        return [.. refused.SelectMany(indices => indices)];
    }

    public async Task<Progress?> ProgressAsync(TopicPartition partition)
    {
        var stored = (string?)await redis.GetDatabase().StringGetAsync(keys.Progress(partition));
        return stored?.Split(' ') is [var epoch, var next]
            ? new(int.Parse(epoch, CultureInfo.InvariantCulture), long.Parse(next, CultureInfo.InvariantCulture))
            : null;
    }

    public Task StartAsync(TopicPartition partition, Progress progress) =>
        redis.GetDatabase()
            .StringSetAsync(keys.Progress(partition), string.Create(CultureInfo.InvariantCulture, $"{progress.Epoch} {progress.Next}"));

    private bool IsCluster => redis.GetServers().Any(server => server.ServerType == ServerType.Cluster);

    private async Task<IReadOnlyList<int>> RunAsync(int[] indices, IReadOnlyList<SequenceWrite> writes, IReadOnlyList<ProgressStep> steps)
    {
        if (indices.Length + steps.Count == 0)
            return [];
        var names = new RedisKey[steps.Count + indices.Length];
        var arguments = new RedisValue[2 + (3 * steps.Count) + (2 * indices.Length)];
        (arguments[0], arguments[1]) = (steps.Count, expiry);
        var at = 2;
        for (var i = 0; i < steps.Count; i++)
        {
            names[i] = keys.Progress(steps[i].Partition);
            (arguments[at++], arguments[at++], arguments[at++]) = (steps[i].Epoch, steps[i].Expected, steps[i].Next);
        }
        for (var i = 0; i < indices.Length; i++)
        {
            var write = writes[indices[i]];
            names[steps.Count + i] = keys.Sequence(write.User);
            (arguments[at++], arguments[at++]) = (write.Read.FenceBytes, write.Next.Bytes);
        }
        var reply = (long[])(await redis.GetDatabase().ScriptEvaluateAsync(SequenceScript.Apply, names, arguments))!;
        if (reply is [SequenceScript.Lost, ..])
            throw new StateLostException(
                $"The store is behind {string.Join(", ", steps.Select(s => $"{s.Partition}@{s.Expected}"))}: it lost data.");
        return [.. reply.Select(number => indices[number - 1])];
    }
}
