using System.CommandLine;
using System.Text.Json.Serialization;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Resuming;
using ILoRA.Streaming.Importing.Text;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>Sends what a file holds to a topic, from where an earlier import of the file stopped.</summary>
internal sealed class FileImport(ParseResult parsed, KafkaOptions kafka, string topic, FileExtent file)
{
    /// <summary>Begin at the first line, whatever was sent before.</summary>
    public bool Restart { get; init; }

    /// <summary>How fast to replay; infinity as fast as the brokers take it.</summary>
    public double Speed { get; init; } = double.PositiveInfinity;

    /// <summary>Whether lines that are appended to the file leave those before them as they are.</summary>
    public bool Grows { get; init; }

    /// <param name="name">What the lines are, for people.</param>
    /// <param name="lines">In the order in which they are sent.</param>
    /// <param name="send">Sends one; completes when the broker has it.</param>
    /// <param name="cancellation">Ends the import; what was sent is kept.</param>
    public async Task<ImportReport> RunAsync<T>(string name, ImportLines<T> lines, Func<T, Task> send, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var kept = new ClusterMarks(kafka, topic, $"{file.Name}-{lines.Fingerprint(file.Name)}");
        var marks = kept.Marks;
        var plan = Restart ? ImportPlan.Anew(file, cancellation) : ImportPlan.Of(file, marks, Grows, cancellation);
        if (plan.IsChanged)
            parsed.InvocationConfiguration.Error.WriteLine($"{file.Name}: no longer begins with what was sent of it, "
                + "so it is sent from its first line; unchanged lines keep their ids.");
        var pace = new ReplayPace(Speed, TimeProvider.System);
        var (sent, skipped) = (0L, lines.CountUpTo(plan.SentLines));
        foreach (var part in plan.Parts)
        {
            if (Grows)
                ImportPlan.Begin(part, marks);
            var wanted = lines.Count(lines.WantedOf(part));
            var position = Math.Min(part.Position, wanted);
            skipped += position;
            var run = new ImportRun<(T Line, long Rank)>(position, ranked => send(ranked.Line), last => Keep(marks, part, last))
            {
                Clock = TimeProvider.System,
                Until = double.IsPositiveInfinity(Speed) ? null : ranked => pace.Until(lines.Time(ranked.Line)),
            };
            var ranked = lines.WantedOf(part).Select((line, rank) => (line, rank + 1L));
            sent += await Steps.CountAsync(parsed.InvocationConfiguration.Error, name, wanted - position, TimeProvider.System,
                progress => Task.Run(() => run.RunAsync(ranked, line => line.Rank, progress, cancellation), CancellationToken.None));
            // What a time or a number left out is still to come.
            if (Grows && wanted == lines.Count(lines.AllOf(part)))
                ImportPlan.Complete(part, marks);
        }
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        return new ImportReport(topic, file.Name, sent, skipped, Math.Round(seconds, 3), Math.Round(sent / Math.Max(seconds, 1e-3)));
    }

    private static Task Keep(ImportMarks marks, ImportPart part, long last)
    {
        marks.Keep(part.Mark, last);
        return Task.CompletedTask;
    }
}

/// <summary>What an import did; <c>Skipped</c> counts the lines that an earlier run had sent.</summary>
internal sealed record ImportReport(string Topic, string File, long Sent, long Skipped, double Seconds, double PerSecond)
{
    [JsonIgnore]
    public string Sentence => $"{Sent:N0} lines of {File} sent to {Topic} in {Seconds:N1} s ({PerSecond:N0}/s)"
        + (Skipped > 0 ? $"; {Skipped:N0} had been sent before." : ".");
}
