using Confluent.Kafka;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Local.View;
using ILoRA.Streaming.Outcomes;

namespace ILoRA.Streaming.Local.Watching;

/// <summary>Judges the stream as an outsider would: from the topics alone.</summary>
internal sealed class StreamWatch(Topics topics, IReadOnlyList<string> lines)
{
    private readonly Lock gate = new();
    private readonly Scoreboard board = new(lines);
    private readonly Dictionary<(int Partition, long Offset), DateTimeOffset> clicked = [];
    private long deadLetters;

    public Examples Examples { get; } = new();

    public DateTimeOffset? FirstRecommendation { get; private set; }

    /// <summary>The version of the newest recommendation.</summary>
    public string? Serving { get; private set; }

    /// <summary>Judges what is still open as missed: nothing more is observed.</summary>
    public void Finish()
    {
        lock (gate)
            board.Finish();
    }

    /// <summary>The figures so far; <paramref name="draws"/> is the bootstrap's.</summary>
    public Figures Figures(int draws, int seed, string bootstrap)
    {
        lock (gate)
        {
            return new Figures
            {
                Clicks = board.Clicks,
                Recommendations = board.Recommendations,
                Latency = Spread.Of(board.Latency),
                EndToEnd = Spread.Of(board.EndToEnd),
                Freshness = Spread.Of(board.Freshness.Quantiles),
                VersionsPublished = board.VersionsLearned.Count,
                VersionsServed = board.VersionsLearned.Count(board.VersionsServed.Contains),
                Serving = Serving,
                Hits = board.Hits.Report(draws, seed),
                Examples = Examples.Newest,
                DeadLetters = deadLetters,
                Bootstrap = bootstrap,
            };
        }
    }

    public void Observe(IReadOnlyList<ConsumeResult<byte[], byte[]>> records)
    {
        lock (gate)
        {
            // Sequences name the click that they stand for, so the clicks of a batch come first.
            foreach (var record in records.Where(record => record.Topic == topics.Clicks))
                clicked[(record.Partition.Value, record.Offset.Value)] = Produced(record);
            foreach (var record in records.Where(record => record.Topic != topics.Clicks))
                Observe(record);
        }
    }

    private void Observe(ConsumeResult<byte[], byte[]> record)
    {
        if (record.Message.Value is null)
            return;
        if (record.Topic == topics.DeadLetters)
            deadLetters++;
        else if (record.Topic == topics.Sequences)
            OnSequence(record, EventJson.Parse<SequenceEvent>(record.Message.Value));
        else if (record.Topic == topics.Recommendations)
            OnRecommendation(record, EventJson.Parse<RecommendationEvent>(record.Message.Value));
        else if (record.Topic == topics.Adapters)
            OnManifest(EventJson.Parse<AdapterManifest>(record.Message.Value));
    }

    private void OnSequence(ConsumeResult<byte[], byte[]> record, SequenceEvent sequence)
    {
        var at = clicked.Remove((sequence.Source.Partition, sequence.Source.Offset), out var time) ? time : Produced(record);
        string[] items = [.. sequence.History.Append(sequence.Click).Select(item => item.Value)];
        board.Observe(new SeenClick(sequence.User.Value, items, record.Partition.Value, record.Offset.Value, at));
        Examples.Sequence(sequence);
    }

    private void OnRecommendation(ConsumeResult<byte[], byte[]> record, RecommendationEvent made)
    {
        var at = Produced(record);
        FirstRecommendation ??= at;
        Serving = made.Version.Value;
        var shadow = (made.Shadow ?? new Dictionary<LineName, IReadOnlyList<ItemId>>())
            .ToDictionary(line => line.Key.Value, line => (IReadOnlyList<string>)[.. line.Value.Select(item => item.Value)],
                StringComparer.Ordinal);
        var latency = TimeSpan.FromMilliseconds(made.Latency is { } spent ? spent.Queue + spent.Retrieve + spent.Score : 0);
        board.Observe(
            new SeenList(made.User.Value, made.Source.Offset, made.Version.Value, [.. made.Items.Select(item => item.Item.Value)], shadow,
                latency, at));
        Examples.Recommendation(made, at);
    }

    private void OnManifest(AdapterManifest manifest)
    {
        var offsets = new Dictionary<int, long>();
        foreach (var (key, next) in manifest.Offsets)
            if (PartitionName.TryParse(key, out var partition) && partition.Topic == topics.Sequences)
                offsets[partition.Partition] = next;
        board.Observe(manifest.Version.Value, offsets);
    }

    private static DateTimeOffset Produced(ConsumeResult<byte[], byte[]> record) =>
        new(record.Message.Timestamp.UtcDateTime, TimeSpan.Zero);
}
