using System.CommandLine;
using System.CommandLine.Parsing;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Commands.Fit;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Configuration;

namespace ILoRA.Streaming.Cli.Commands.Evaluate;

/// <summary>The flags of <c>ilora evaluate</c>.</summary>
internal sealed class EvaluateOptions
{
    /// <summary>The baselines, in the order of the table.</summary>
    public static readonly string[] BaselineNames = ["random", "popularity", "knn", "ease", "encoder", "own-encoder", "fusion", "bag",
        "title-bag", "trained-bag", "zero-shot"];

    public ItemsInput Items { get; } = new();
    public Option<FileInfo> Rows { get; } =
        new Option<FileInfo>("--rows")
        {
            Description = "Histories and what came next, JSON Lines {row, seq, len, next}",
            HelpName = "FILE",
            Required = true
        }.AcceptExistingFile();
    public Option<FileInfo> Candidates { get; } =
        new Option<FileInfo>(
            "--candidates")
        {
            Description = "The fixed lists to rank, JSON Lines {row, next, cands}; rows without are left out",
            HelpName = "FILE",
            Required = true
        }.AcceptExistingFile();
    public Option<FileInfo> Train { get; } =
        new Option<FileInfo>("--train")
        {
            Description = "Rows that baselines and fusion weights are fit on",
            HelpName = "FILE"
        }.AcceptExistingFile();
    public Option<FileInfo> Encoder { get; } =
        new Option<FileInfo>("--encoder")
        {
            Description = "A SASRec checkpoint, or what 'fit encoder' wrote",
            HelpName = "FILE"
        }.AcceptExistingFile();
    public Option<string[]> Baselines { get; } =
        ListOption.Create("--baselines", "all that the given files allow, none, or some of the default", "NAMES", BaselineNames,
            ParseNames);
    public Option<double> HoldOut { get; } =
        new("--hold-out")
        {
            Description =
            "Share of the training users put aside for settings and fusion weights; fit adapters with the same share",
            HelpName = "SHARE",
            DefaultValueFactory = _ => 0.1
        };
    public Option<int> HeldOutRows { get; } =
        new("--held-out-rows") { Description = "Rows drawn from those users", HelpName = "N", DefaultValueFactory = _ => 300 };
    public BackboneInput Backbone { get; } = new(required: false);
    /// <summary>Exact by default: a tie or a near one between candidates decides a row.</summary>
    public Option<string> Precision { get; } = FitPrecision.Create("float32");
    public Option<DirectoryInfo[]> Adapter { get; } =
        new Option<DirectoryInfo[]>(
            "--adapter")
        {
            Description = "What 'fit adapter' wrote, or a PEFT folder with --encoder; several are compared in pairs",
            HelpName = "DIR"
        }.AcceptExistingOnly();
    public Option<string[]> Scorer { get; } = new Option<string[]>("--scorer")
    {
        Description =
            "head: the language model's term of the head alone; title: likelihood of titles, weighed against what the backbone alone "
                + "says of them; fused: the score as served (default: what the adapter was fit for, and fused)",
        HelpName = "NAMES",
        AllowMultipleArgumentsPerToken = true,
    }.AcceptOnlyFromAmong("head", "title", "fused");
    public Option<bool> Generate { get; } =
        new("--generate")
        {
            Description =
            "Also let each adapter answer in words, on each row's first draw, and match the answers as the authors do",
            Arity = ArgumentArity.Zero
        };
    public Option<FileInfo> RowsOut { get; } =
        new("--rows-out")
        {
            Description =
            "Also write each row's share of right draws by method, JSON Lines, to be pooled over sets by 'evaluate pool'",
            HelpName = "FILE"
        };
    public Option<int> Seed { get; } =
        new("--seed") { Description = "Of fits, held-out rows and the bootstrap", HelpName = "S", DefaultValueFactory = _ => 1 };
    public Option<string> Device { get; } =
        new Option<string>("--device")
        {
            Description = "cpu, cuda or auto",
            HelpName = "NAME",
            DefaultValueFactory = _ => "auto"
        }.AcceptOnlyFromAmong("cpu", "cuda", "auto");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Rows, Candidates, Train, Encoder, Adapter, Scorer, Generate, Baselines, HoldOut, HeldOutRows,
            RowsOut, Precision, Seed, Device])
            command.Add(option);
        Items.AddTo(command);
        Backbone.AddTo(command);
    }

    public double HoldOutOf(ParseResult parsed) => parsed.GetValue(HoldOut) is var share and > 0 and <= 0.5
        ? share
        : throw new UsageException("--hold-out must lie above 0 and be at most 0.5.");

    public int HeldOutRowsOf(ParseResult parsed) =>
        parsed.GetValue(HeldOutRows) is var rows and > 0 ? rows : throw new UsageException("--held-out-rows must be positive.");

    /// <summary>
    /// Of the baselines asked for, those that the given files allow; one that was asked for by itself must be among them.
    /// </summary>
    public IEnumerable<string> BaselinesOf(ParseResult parsed)
    {
        var asked = parsed.GetRequiredValue(Baselines);
        if (parsed.GetValue(Adapter) is { Length: > 0 } && !Backbone.IsGiven(parsed))
            throw new UsageException("--adapter needs --backbone PATH.");
        foreach (var name in asked)
        {
            if (Missing(parsed, name) is not { } missing)
                yield return name;
            else if (asked.Length < BaselineNames.Length)
                throw new UsageException($"--baselines {name} needs {missing}.");
        }
    }

    private string? Missing(ParseResult parsed, string baseline) => baseline switch
    {
        "random" => null,
        "encoder" => parsed.GetValue(Encoder) is null ? $"{Encoder.Name} FILE" : null,
        "bag" or "zero-shot" => Backbone.IsGiven(parsed) ? null : "--backbone PATH",
        "title-bag" or "trained-bag" when !Backbone.IsGiven(parsed) => "--backbone PATH",
        _ => parsed.GetValue(Train) is null ? $"{Train.Name} FILE" : null,
    };

    private static string[] ParseNames(ArgumentResult result, string[] names)
    {
        switch (names)
        {
            case ["all"]:
                return BaselineNames;
            case ["none"]:
                return [];
        }
        if (names.FirstOrDefault(name => !BaselineNames.Contains(name)) is { } strange)
            result.AddError(NearestName.Of(strange, BaselineNames) is { } near
                ? $"unknown baseline '{strange}'; did you mean '{near}'?"
                : $"unknown baseline '{strange}'; all, none, or some of {string.Join(' ', BaselineNames)}");
        return names;
    }
}
