using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Importing.Text;
using ILoRA.Streaming.Importing.Times;

namespace ILoRA.Streaming.Importing;

/// <summary>Reads the rows of a file of clicks twice: how their times are written shows only at the end.</summary>
/// <param name="file">The file's name.</param>
/// <param name="source">Its rows.</param>
/// <param name="reading">How to read it.</param>
internal sealed class ClickRows(string file, IRecordSource source, FileReading reading)
{
    private long read;

    /// <summary>The bad ones of the first pass by their place among all records: several may share a line.</summary>
    private readonly HashSet<long> badRecords = [];

    public BadRows Bad { get; } = new(file, reading.SkipBad);

    public LeftOutRows LeftOut { get; } = new();

    /// <summary>Checks every row but for the range of its time.</summary>
    /// <returns>How the times are written.</returns>
    public TimeFormat Examine()
    {
        var times = new TimeColumn(reading.TimeFormat is { } name ? TimeFormats.Of(name) : null);
        var ids = new ClickIds();
        foreach (var (place, record) in Numbered())
        {
            if (record.Problem is null && record.LeftOut is { } reason)
                LeftOut.Add(reason);
            else if (Problem(record, times, ids) is { } problem)
            {
                Bad.Add(record.Line, problem, record.EndsFile);
                badRecords.Add(place);
            }
        }
        if (times.Doubt is { } doubt)
            throw new InvalidDataException($"{file}: {doubt}.");
        return times.Format ?? throw new InvalidDataException($"{file}: holds no click.");
    }

    /// <summary>In the file's order.</summary>
    public IEnumerable<ClickLine> Read(TimeFormat format)
    {
        var times = new TimeReader(format, reading.AnyTime, reading.Clock);
        foreach (var (_, record) in Numbered().Where(each => each.Record.LeftOut is null && !badRecords.Contains(each.Place)))
        {
            if (times.TryRead(record[ColumnRole.Time]!, out var time, out var problem))
                yield return Click(record, time);
            else
                Bad.Add(record.Line, problem);
        }
    }

    private IEnumerable<(long Place, FileRecord Record)> Numbered()
    {
        var place = 0L;
        foreach (var record in source.Read().StoppedBy(reading.Stop))
        {
            reading.Progress?.Report(++read);
            yield return (place++, WithoutWithdrawal(record));
        }
    }

    private static FileRecord WithoutWithdrawal(FileRecord record)
        => record.LeftOut is null && record[ColumnRole.Type] is { } type && ClickTypes.IsWithdrawal(type)
            ? record with { LeftOut = $"{type} events, which end an interest" }
            : record;

    private static string? Problem(FileRecord record, TimeColumn times, ClickIds ids) => record.Problem
        ?? RecordSource.Problem(record[ColumnRole.User], "user")
        ?? RecordSource.Problem(record[ColumnRole.Item], "item")
        ?? Optional(record[ColumnRole.Id], "id")
        ?? Optional(record[ColumnRole.Session], "session")
        ?? Optional(record[ColumnRole.Recommendation], "recommendation")
        ?? TypeProblem(record[ColumnRole.Type])
        ?? (record[ColumnRole.Time] is { } time ? times.Add(time, record.Line) : "time is empty")
        ?? ids.Problem(record);

    private static string? Optional(string? id, string name) => id is null ? null : RecordSource.Problem(id, name);

    private static string? TypeProblem(string? type) => type is null || ClickTypes.TryParse(type, out _)
        ? null
        : $"type '{type}' is none of {ClickTypes.Known}; leave the column out by --columns type=- where every row is an interest in its "
            + "item";

    private static ClickLine Click(FileRecord record, DateTimeOffset time)
        => new(record.Line, record[ColumnRole.User]!, record[ColumnRole.Item]!, time)
        {
            Id = record[ColumnRole.Id],
            Type = record[ColumnRole.Type] is { } type && ClickTypes.TryParse(type, out var known) ? known : null,
            Session = record[ColumnRole.Session],
            Recommendation = record[ColumnRole.Recommendation],
        };
}
