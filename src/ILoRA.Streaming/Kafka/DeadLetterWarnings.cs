using System.Buffers;
using Confluent.Kafka;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Kafka;

/// <summary>
/// Warns of dead letters: of each topic and kind of reason the first one at once, then once a minute how many there were, with the latest
/// as the example.
/// </summary>
public sealed class DeadLetterWarnings : IDisposable
{
    private const int MostKinds = 100;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    // A reason's kind ends where the first value of the record is quoted.
    private static readonly SearchValues<char> ValueBegins = SearchValues.Create("'\"{0123456789");
    private readonly Lock gate = new();
    private readonly Dictionary<(string Topic, string Kind), CountedWarning<Example>> warnings = [];
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ITimer timer;

    public DeadLetterWarnings(TimeProvider time, ILogger logger)
    {
        (this.time, this.logger) = (time, logger);
        // What is held back is told also where no letter follows.
        timer = time.CreateTimer(_ => ForEach(warning => warning.Report()), null, Look, Look);
    }

    public void Count(TopicPartitionOffset place, string reason)
    {
        lock (gate)
        {
            var warning = Of(place.Topic, KindOf(reason));
            warning.Count(new(place, reason));
            warning.Report();
        }
    }

    public void Dispose()
    {
        timer.Dispose();
        ForEach(warning => warning.Finish());
    }

    private static string KindOf(string reason) => reason.AsSpan().IndexOfAny(ValueBegins) is >= 0 and var end ? reason[..end] : reason;

    private CountedWarning<Example> Of(string topic, string kind)
    {
        // Senders choose what reasons hold: kinds beyond the limit share one warning for each topic.
        if (!warnings.ContainsKey((topic, kind)) && warnings.Count >= MostKinds)
            kind = "";
        if (!warnings.TryGetValue((topic, kind), out var warning))
            warnings.Add((topic, kind), warning = new(time, Warn));
        return warning;
    }

    private void Warn(long count, Example latest) =>
        KafkaLog.DeadLetters(logger, count, latest.Place.Topic, latest.Place.Partition.Value, latest.Place.Offset.Value, latest.Reason);

    private void ForEach(Action<CountedWarning<Example>> report)
    {
        lock (gate)
        {
            foreach (var warning in warnings.Values)
                report(warning);
        }
    }

    private sealed record Example(TopicPartitionOffset Place, string Reason);
}
