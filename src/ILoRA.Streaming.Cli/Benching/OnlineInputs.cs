using System.CommandLine;
using System.CommandLine.Parsing;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Trials;

namespace ILoRA.Streaming.Cli.Benching;

/// <summary>The files and settings of <c>bench online</c>.</summary>
internal sealed class OnlineInputs
{
    private const double DefaultStart = 0.5;
    private static readonly OnlineTrialOptions Defaults = new();
    private static readonly Dictionary<string, CandidateKind> Kinds =
        new(StringComparer.Ordinal) { ["uniform19"] = CandidateKind.Uniform19, ["popular99"] = CandidateKind.Popular99 };

    private readonly Option<FileInfo> encoder =
        new Option<FileInfo>(
            "--encoder")
        {
            Description =
                "What 'fit encoder' wrote of clicks before the start; an adapter is fitted on it here, in --minutes",
            HelpName = "FILE"
        }.AcceptExistingFile();
    private readonly Option<DirectoryInfo> adapter =
        new Option<DirectoryInfo>("--adapter")
        {
            Description = "Instead of --encoder: what 'fit adapter' wrote of clicks before the start",
            HelpName = "DIR"
        }.AcceptExistingOnly();
    private readonly ItemsInput items = new();
    private readonly ClicksInput clicks = new("The stream (docs/files.md)", required: true);
    private readonly Option<long?> events = FileInputs.Events();
    private readonly Option<double?> start =
        new("--start")
        {
            Description = "Share of the clicks that come before the stream (default 0.5; 0 with --adapter)",
            HelpName = "FRACTION"
        };
    private readonly Option<TrialMethod[]> lines = ListOption.Create(
        "--lines",
        $"What is measured: {string.Join(", ", TrialMethod.All.Select(line => line.Name))} (default: the "
            + $"first {TrialMethod.Standard.Count})", "NAMES", [.. TrialMethod.Standard], ParseLines);
    private readonly Option<int> seeds =
        new("--seeds")
        {
            Description = "Runs, each with its own chance (fit, candidates, replay); figures are of all of them",
            HelpName = "N",
            DefaultValueFactory = _ => 1
        };
    private readonly Option<string> candidates =
        new Option<string>(
            "--candidates")
        {
            Description = "What hr1 and ndcg5 rank a target among, of items clicked before: uniform19 or popular99",
            HelpName = "KIND",
            DefaultValueFactory = _ => "uniform19"
        }.AcceptOnlyFromAmong([.. Kinds.Keys]);
    private readonly Option<int> every =
        new("--release-every")
        {
            Description = "Clicks between two versions",
            HelpName = "N",
            DefaultValueFactory = _ => Defaults.ReleaseEvery
        };
    private readonly Option<int> delay =
        new("--delay")
        {
            Description = "Clicks from a version to its first use",
            HelpName = "N",
            DefaultValueFactory = _ => Defaults.Delay
        };
    private readonly Option<double> share =
        new("--language-model-share")
        {
            Description = "The part of the clicks that is also learned through the language model",
            HelpName = "PART",
            DefaultValueFactory = _ => Defaults.Trainer.LanguageModelShare
        };

    public Option<string> Device { get; } =
        new Option<string>("--device")
        {
            Description = "cpu, cuda or auto",
            HelpName = "NAME",
            DefaultValueFactory = _ => "auto"
        }.AcceptOnlyFromAmong("cpu", "cuda", "auto");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[encoder, adapter, events, start, lines, seeds, candidates, every, delay, share, Device])
            command.Add(option);
        items.AddTo(command);
        clicks.AddTo(command);
    }

    /// <summary>The line that the others are compared with first, if it is among them.</summary>
    public IReadOnlyList<TrialMethod> Lines(ParseResult parsed) =>
        [.. parsed.GetRequiredValue(lines).Distinct().OrderByDescending(line => line == TrialMethod.Anchored)];

    public string Candidates(ParseResult parsed) => parsed.GetRequiredValue(candidates);

    public int Seeds(ParseResult parsed) =>
        parsed.GetValue(seeds) is > 0 and var runs ? runs : throw new UsageException("--seeds must be positive.");

    /// <summary>By item.</summary>
    public IReadOnlyDictionary<string, string> Titles(ParseResult parsed, CancellationToken stop) =>
        items.Read(parsed, stop).ToDictionary(item => item.Item, item => item.Title, StringComparer.Ordinal);

    /// <summary>In the order of time.</summary>
    /// <exception cref="InvalidDataException">One is on an item without a title, or there is none.</exception>
    public IReadOnlyList<TrialClick> Clicks(ParseResult parsed, IReadOnlyDictionary<string, string> titles, CancellationToken stop)
    {
        var file = parsed.GetRequiredValue(clicks.File);
        var read = new TimeCut(Events: parsed.GetValue(events)).Of(clicks.Read(parsed, stop)).ToArray();
        if (read.FirstOrDefault(click => !titles.ContainsKey(click.Item)) is { } strange)
            throw new InvalidDataException(
                $"{file.Name}: item '{strange.Item}' is not in {parsed.GetRequiredValue(items.File).Name}; are the two files of one "
                    + "data set?");
        return read.Length > 0
            ? [.. read.Select(click => new TrialClick(click.User, click.Item, click.Time))]
            : throw new InvalidDataException($"{file.Name}: holds no click.");
    }

    /// <summary>How many of the clicks come before the stream.</summary>
    public int Start(ParseResult parsed, int count)
    {
        var part = parsed.GetValue(start) ?? (parsed.GetValue(adapter) is null ? DefaultStart : 0);
        return part is >= 0 and < 1 && (part > 0 || parsed.GetValue(adapter) is not null)
            ? (int)(part * count)
            : throw new UsageException("--start is a share below 1, and above 0 where an adapter is fitted on the clicks before it.");
    }

    /// <summary>Null where an encoder is given.</summary>
    /// <exception cref="InvalidDataException">It is of the title scorer.</exception>
    public Snapshot? Adapter(ParseResult parsed) => (parsed.GetValue(adapter), parsed.GetValue(encoder)) switch
    {
        ({ } folder, null) => SnapshotFolder.Load(folder.FullName) is { Scorer: Scorer.Head } snapshot ? snapshot
            : throw new InvalidDataException(
                $"{folder.FullName} is of the title scorer, this bench measures the head scorer: give an adapter fitted with --scorer "
                    + "head, or rank this one by 'ilora evaluate'."),
        (null, { }) => null,
        _ => throw new UsageException("give --encoder FILE, or --adapter DIR with what was fitted before."),
    };

    /// <param name="parsed">The command line.</param>
    /// <param name="before">How many clicks come before the stream.</param>
    /// <exception cref="InvalidDataException">It was fit on more: it has seen what is to be tested.</exception>
    public (SasRec Encoder, ItemTable Table) Encoder(ParseResult parsed, int before)
    {
        var file = parsed.GetRequiredValue(encoder);
        var (read, table) = EncoderPart.Read(SafetensorsFile.Open(file.FullName));
        return table.Recent.Any(count => count > 0) && table.Seen.Sum() > before
            ? throw new InvalidDataException(
                $"{file.Name} was fit on {table.Seen.Sum():0} clicks, the stream starts after {before}: fit it with --events {before}, "
                    + "or raise --start.")
            : (read, table);
    }

    public OnlineTrialOptions Trial(ParseResult parsed, int seed)
    {
        if (parsed.GetValue(every) < 1 || parsed.GetValue(delay) < 0 || parsed.GetValue(share) is not (>= 0 and <= 1))
            throw new UsageException("--release-every must be at least 1, --delay 0 or more, --language-model-share between 0 and 1.");
        return new()
        {
            Trainer = new OnlineTrainerOptions { Seed = seed, LanguageModelShare = parsed.GetValue(share) },
            Candidates = Kinds[Candidates(parsed)],
            ReleaseEvery = parsed.GetValue(every),
            Delay = parsed.GetValue(delay),
        };
    }

    private static TrialMethod[] ParseLines(ArgumentResult result, string[] names)
    {
        var known = TrialMethod.All.ToDictionary(line => line.Name, StringComparer.Ordinal);
        if (names.FirstOrDefault(name => !known.ContainsKey(name)) is not { } strange)
            return [.. names.Select(name => known[name])];
        var near = NearestName.Of(strange, known.Keys);
        result.AddError(
            $"unknown line '{strange}'; {(near is null ? $"one of {string.Join(", ", known.Keys)}" : $"did you mean '{near}'?")}");
        return [];
    }
}
