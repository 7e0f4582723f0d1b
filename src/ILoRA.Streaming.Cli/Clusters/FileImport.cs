using System.CommandLine;
using System.Text.Json.Serialization;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>Sends a file's lines to a topic, from where an earlier import of the file stopped.</summary>
internal sealed class FileImport(ParseResult parsed, KafkaOptions kafka, string topic, FileInfo file)
{
    /// <summary>Begin at the first line, whatever was sent before.</summary>
    public bool Restart { get; init; }

    /// <summary>How fast to replay; infinity as fast as the brokers take it.</summary>
    public double Speed { get; init; } = double.PositiveInfinity;

    public async Task<ImportReport> RunAsync<T>(string name, IReadOnlyList<T> lines, FileLine<T> line, EventProducer producer, CancellationToken cancellation)
    {
        using var position = new ImportPosition(kafka, topic, file.FullName);
        var begin = Restart ? 0 : position.Read();
        var pace = new ReplayPace(Speed, TimeProvider.System);
        var started = TimeProvider.System.GetTimestamp();
        var run = new ImportRun<T>(begin, item => line.Send(producer, item, position.Name), last => Keep(position, last))
        {
            Clock = TimeProvider.System,
            Until = double.IsPositiveInfinity(Speed) ? null : item => pace.Until(line.Time(item)),
        };
        var left = lines.Count(item => line.Number(item) > begin);
        var sent = await Steps.CountAsync(parsed.InvocationConfiguration.Error, name, left, TimeProvider.System,
            progress => Task.Run(() => run.RunAsync(lines, line.Number, progress, cancellation), CancellationToken.None));
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        return new ImportReport(topic, file.Name, sent, lines.Count - left, Math.Round(seconds, 3), Math.Round(sent / Math.Max(seconds, 1e-3)));
    }

    private static Task Keep(ImportPosition position, long last)
    {
        position.Keep(last);
        return Task.CompletedTask;
    }
}

/// <summary>What the import needs to know of a line.</summary>
internal sealed record FileLine<T>(Func<T, long> Number, Func<T, DateTimeOffset> Time, Func<EventProducer, T, string, Task> Send);

/// <summary>What an import did; <c>Skipped</c> counts the lines that an earlier run had sent.</summary>
internal sealed record ImportReport(string Topic, string File, long Sent, long Skipped, double Seconds, double PerSecond)
{
    [JsonIgnore]
    public string Sentence => $"{Sent:N0} lines of {File} sent to {Topic} in {Seconds:N1} s ({PerSecond:N0}/s)" + (Skipped > 0 ? $"; {Skipped:N0} had been sent before." : ".");
}
