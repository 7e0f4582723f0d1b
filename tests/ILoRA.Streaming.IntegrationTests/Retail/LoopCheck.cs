using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.IntegrationTests.Records;
using ILoRA.Streaming.IntegrationTests.Workers;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Sequences;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.IntegrationTests.Retail;

/// <summary>What must hold of a deployment after clicks went through it, read from Kafka and Redis as any client could.</summary>
public sealed class LoopCheck(Deployment deployment, int capacity)
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>
    /// Every click (those put aside excepted) has a sequence event with the history as of that click, and Redis holds the last one.
    /// </summary>
    /// <param name="clicks">how many clicks were sent, without those put aside</param>
    /// <param name="aside">partition and offset of clicks that were put aside</param>
    /// <param name="redelivered">a worker was killed: what it sends again shows only what is still kept of that time</param>
    public async Task EachClickIsAppliedOnceAsync(int clicks, IReadOnlySet<(int Partition, long Offset)>? aside = null,
        bool redelivered = false)
    {
        var sent = deployment.Read("clicks");
        var sequences = deployment.Read("sequences");
        await WaitAsync($"every one of {clicks} clicks has its sequence event",
            () => sequences.Count >= clicks && sequences.Records.Select(Source).Distinct().Count() >= clicks,
            () => $"{sequences.Count} events");
        await WaitAsync($"{clicks} clicks are read back", () => sent.Count >= clicks + (aside?.Count ?? 0), () => $"{sent.Count}");
        var fold = new SequenceFold(capacity);
        var expected = sent.Records.Where(click => aside?.Contains((click.Partition, click.Offset)) != true)
            .ToDictionary(click => (click.Partition, click.Offset), click => fold.Append(Text(click, "user"), Text(click, "item")));
        Assert.Equal(clicks, expected.Count);
        Assert.Equal(expected.Keys.Order(), sequences.Records.Select(Source).Distinct().Order());
        Assert.Equal([],
            sequences.Records.Where(sequence => !Matches(expected[Source(sequence)], Items(sequence), redelivered))
                .Select(record => record.Text).Take(3));
        await RedisHoldsAsync(fold);
    }

    static bool Matches(IReadOnlyList<string> history, string[] items, bool redelivered) =>
        history.SequenceEqual(items) || (redelivered && items.Length > 0 && history.TakeLast(items.Length).SequenceEqual(items));

    async Task RedisHoldsAsync(SequenceFold fold)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(Deployment.Redis);
        var store =
            new SequenceStore(redis, Options.Create(new RedisOptions { Namespace = new(deployment.Prefix) }),
                Options.Create(new SequenceOptions { Capacity = capacity }));
        foreach (var users in fold.Users.Chunk(500))
        {
            var stored = await store.ReadAsync(users);
            foreach (var (user, kept) in users.Zip(stored))
                Assert.Equal(fold.Of(user), ItemsOf(kept.Sequence));
        }
    }

    /// <summary>Each user's last sequence event has a recommendation made from it.</summary>
    public async Task EachUsersNewestSequenceIsRecommendedForAsync()
    {
        var newest =
            deployment.Read("sequences").Records.GroupBy(User)
                .ToDictionary(user => user.Key, user => user.Max(record => (record.Partition, record.Offset)));
        var recommendations = deployment.Read("recommendations");
        int Answered() =>
            recommendations.Records.GroupBy(User)
                .Count(user => newest.TryGetValue(user.Key, out var source) && user.Select(Source).Contains(source));
        await WaitAsync($"each of {newest.Count} users has a recommendation for the newest sequence", () => Answered() == newest.Count,
            () => $"{Answered()} users have one");
    }

    /// <summary>
    /// The trainer announced versions, and one of them serves: clicks of one more user are sent until a recommendation says so.
    /// </summary>
    /// <returns>how many clicks were sent</returns>
    public async Task<int> ATrainedVersionIsServedAsync(ItemId item)
    {
        var adapters = deployment.Read("adapters");
        var recommendations = deployment.Read("recommendations");
        string[] Trained() =>
            [.. adapters.Records.Where(record => record.Json.GetProperty("parent").ValueKind == JsonValueKind.String)
                .Select(record => Text(record, "version"))];
        string[] Served() => [.. recommendations.Records.Select(record => Text(record, "version")).Distinct()];
        await WaitAsync("a trained version is announced", () => Trained().Length > 0,
            () => $"{adapters.Count} manifests; log:\n{deployment.Trainer.Log}");
        var sent = 0;
        await Eventually.Holds("a trained version serves", async () =>
        {
            var click = new RetailClick(DateTimeOffset.UnixEpoch.AddDays(15_300).AddSeconds(sent++), "one-more", item.Value);
            await deployment.Clicks.SendAsync([click.Record]);
            return Served().Intersect(Trained()).Any();
        }, Patience, () => $"served {string.Join(' ', Served())}, trained {string.Join(' ', Trained())}; log:\n{deployment.Inference.Log}");
        return sent;
    }

    /// <summary>The group has committed the end of the topic.</summary>
    public async Task OffsetsAreCommittedAsync(string worker, string topic)
    {
        var group = deployment.Group(worker);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Deployment.Bootstrap }).Build();
        TopicPartition[] partitions = [.. Enumerable.Range(0, Deployment.Partitions)
            .Select(number => new TopicPartition(deployment.Topic(topic), number))];
        var lag = "unknown";
        await Eventually.Holds($"{group} has committed the end of {topic}", async () =>
        {
            var ends =
                await admin.ListOffsetsAsync(
                    partitions.Select(
                        partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() }));
            var committed =
                (await admin.ListConsumerGroupOffsetsAsync([new(group, [.. partitions])]))
                    .Single().Partitions.ToDictionary(offset => offset.TopicPartition, offset => offset.Offset.Value);
            lag = string.Join(' ',
                ends.ResultInfos.Select(
                    end => $"{committed[end.TopicPartitionOffsetError.TopicPartition]}/{end.TopicPartitionOffsetError.Offset.Value}"));
            return ends.ResultInfos.All(
                end => Math.Max(0, committed[end.TopicPartitionOffsetError.TopicPartition]) == end.TopicPartitionOffsetError.Offset.Value);
        }, Patience, () => lag);
    }

    Task WaitAsync(string what, Func<bool> condition, Func<string> seen) => Eventually.Holds(what, () =>
    {
        deployment.EveryWorkerRuns();
        return condition();
    }, Patience, seen);

    static List<string> ItemsOf(Sequence sequence)
    {
        var items = new List<string>();
        foreach (var entry in sequence)
            items.Add(Encoding.UTF8.GetString(entry.Item));
        return items;
    }

    // A sequence names its click, a recommendation its sequence.
    static (int Partition, long Offset) Source(TopicRecord record)
    {
        var source = record.Json.GetProperty("source");
        return (source.GetProperty("partition").GetInt32(), source.GetProperty("offset").GetInt64());
    }

    static string[] Items(TopicRecord sequence) =>
        [.. sequence.Json.GetProperty("items").EnumerateArray().Select(item => item.GetString()!)];

    static string Text(TopicRecord record, string name) => record.Json.GetProperty(name).GetString()!;

    static string User(TopicRecord record) => Text(record, "user");
}
