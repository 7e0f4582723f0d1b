using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Training.Evaluation;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary>The files that the fits read: items, and interactions as clicks or as rows.</summary>
/// <param name="holdOut">The share of users that are held out if the option is not given.</param>
internal sealed class FitInputs(double holdOut = 0)
{
    public ItemsInput Items { get; } = new();
    public Option<int> Seed { get; } =
        new("--seed")
        {
            Description = "Where chance begins; the same seed gives the same result on the same machine",
            HelpName = "S",
            DefaultValueFactory = _ => 1
        };
    public Option<string> Device { get; } =
        new Option<string>("--device")
        {
            Description = "cpu, cuda or auto",
            HelpName = "NAME",
            DefaultValueFactory = _ => "auto"
        }.AcceptOnlyFromAmong("cpu", "cuda", "auto");

    private readonly Option<FileInfo> rows =
        new Option<FileInfo>("--rows")
        {
            Description = "Interactions as JSON Lines {row, seq, len, next}",
            HelpName = "FILE"
        }.AcceptExistingFile();
    private readonly ClicksInput clicks = new("Interactions as clicks (docs/files.md)");
    private readonly Option<DateTimeOffset?> until = FileInputs.Time("--until", "Clicks before this time only");
    private readonly Option<double> share =
        new("--hold-out")
        {
            Description = "Share of the sequences of --rows to leave out: settings and weights are chosen on them",
            HelpName = "SHARE",
            DefaultValueFactory = _ => holdOut
        };
    private readonly Option<long?> events = FileInputs.Events();

    public void AddTo(Command command)
    {
        Items.AddTo(command);
        clicks.AddTo(command);
        foreach (var option in (Option[])[rows, share, until, events, Seed, Device])
            command.Add(option);
    }

    /// <summary>Whether the interactions are a stream of clicks, and not rows without an order among them.</summary>
    public bool InOrder(ParseResult parsed) => parsed.GetValue(rows) is null;

    /// <summary>User and item in event order; each sequence of rows is a user of its own.</summary>
    public IReadOnlyList<(string User, string Item)> ReadClicks(ParseResult parsed, IReadOnlyCollection<string> known,
        CancellationToken stop)
    {
        var leftOut = Share(parsed);
        var read = (parsed.GetValue(rows), parsed.GetValue(clicks.File)) switch
        {
            ({ } file, null) =>
                RowSequences.Of(RowFile.Read(file.FullName)).Where((_, number) => !HeldOut.Contains(number, leftOut))
                    .SelectMany((sequence, number) => sequence.Select(item => ($"row{number}", item))),
            (null, not null) => new TimeCut(null, parsed.GetValue(until), parsed.GetValue(events))
                .Of(clicks.Read(parsed, stop)).Select(click => (click.User, click.Item)),
            _ => throw new UsageException("give the behaviour once: --rows FILE, or --clicks FILE."),
        };
        var list = read.ToArray();
        var ids = known.ToHashSet(StringComparer.Ordinal);
        var strange = list.Select(click => click.Item2).FirstOrDefault(item => !ids.Contains(item));
        if (strange is not null)
            throw new InvalidDataException(
                $"{(parsed.GetValue(rows) ?? parsed.GetValue(clicks.File))!.Name}: item '{strange}' is not "
                    + $"in {parsed.GetRequiredValue(Items.File).Name}; are the two files of one data set?");
        return list.Length > 0
            ? list : throw new InvalidDataException(
                $"{(parsed.GetValue(rows) ?? parsed.GetValue(clicks.File))!.Name}: holds no click in the wanted time.");
    }

    /// <summary>The held-out users.</summary>
    /// <exception cref="UsageException">None are.</exception>
    public Interactions ReadAside(ParseResult parsed, EvaluationSet set)
    {
        var file = parsed.GetValue(rows);
        if (file is null || Share(parsed) == 0)
            throw new UsageException("users must be put aside: give --rows FILE and a --hold-out above 0.");
        var all =
            new Interactions(
                [.. RowSequences.Of(RowFile.Read(file.FullName))
                    .Select(sequence => sequence.Select(item => set.PlaceOf(item, file.Name)).ToArray())], set.Ids.Count);
        return all.Split(Share(parsed)).HeldOut;
    }

    private double Share(ParseResult parsed) =>
        parsed.GetValue(share) is var part and >= 0 and <= 0.5 && (part == 0 || parsed.GetValue(rows) is not null)
        ? part
        : throw new UsageException("--hold-out is a share of 0 to 0.5 and goes with --rows.");
}
