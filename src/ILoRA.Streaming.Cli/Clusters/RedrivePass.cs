using ILoRA.Streaming.Ingest;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>Decides which letters go back to their topics in one pass, and as what.</summary>
internal sealed class RedrivePass(KafkaOptions kafka, ClickClock clock, string? reason, Mending? mending, bool onlyValid)
{
    private readonly EventValidity validity = new(kafka, clock);
    private readonly NewestRecords newest = new(kafka);

    /// <summary>The topics to which letters may be sent: of those that the pass chooses by their reason.</summary>
    public IReadOnlyCollection<string> Targets(IEnumerable<DeadLetter> open) =>
        open.Where(IsChosen).Select(letter => letter.Topic).OfType<string>().Where(validity.IsOfEvents).ToHashSet(StringComparer.Ordinal);

    public async Task<(IReadOnlyList<Redriven> Redriven, IReadOnlyList<(DeadLetter Letter, string Why)> Left)> SortAsync(
        IReadOnlyList<DeadLetter> batch, CancellationToken cancellation)
    {
        var redriven = new List<Redriven>();
        var left = new List<(DeadLetter, string)>();
        foreach (var letter in batch)
        {
            var (sent, why) = await DecideAsync(letter, cancellation);
            if (sent is not null)
                redriven.Add(sent);
            else
                left.Add((letter, why));
        }
        return (redriven, left);
    }

    private bool IsChosen(DeadLetter letter) =>
        reason is null || (letter.Reason ?? "").Contains(reason, StringComparison.OrdinalIgnoreCase);

    private async Task<(Redriven? Sent, string Why)> DecideAsync(DeadLetter letter, CancellationToken cancellation)
    {
        if (letter.Topic is not { } topic)
            return (null, "no dl_topic header");
        if (!IsChosen(letter))
            return (null, "another reason");
        if (!validity.IsOfEvents(topic))
            return (null, $"no topic of the stream: {topic}");
        if (newest.WhyNot(letter, cancellation) is { } superseded)
            return (null, superseded);
        var value = letter.Record.Message.Value;
        if (mending is not null && value is { } broken)
        {
            value = await mending.MendAsync(broken, cancellation);
            if (value is null)
                return (null, "given up by --mend");
        }
        var whyNot = validity.WhyNot(topic, value);
        if (onlyValid && whyNot is not null)
            return (null, whyNot);
        var key = letter.Record.Message.Key;
        // A site that forgot the key: a user's events must stay in one partition.
        if (key is null or [] && whyNot is null)
            key = validity.KeyOf(topic, value!);
        return (new Redriven(topic, letter.Original(key!, value!)), "");
    }
}
