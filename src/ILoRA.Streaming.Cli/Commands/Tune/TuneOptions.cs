using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Commands.Fit;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Tuning;

namespace ILoRA.Streaming.Cli.Commands.Tune;

/// <summary>What <c>ilora tune</c> varies.</summary>
internal sealed class TuneOptions
{
    private const double UsualMinutes = 60;

    private readonly Option<int[]> experts = Numbers("--experts", "K, the numbers of experts to try", [1, 2, 4, 8]);
    private readonly Option<int[]> rank =
        Numbers("--rank", "r, the ranks to try; combinations where K does not divide r are left out", [4, 8, 16]);
    private readonly Option<double[]> rate =
        Numbers<double>("--rate", "Peak learning rates to try (default: the scorer's own, as in 'ilora fit adapter')", []);
    private readonly Option<string[]> gate = ListOption.Create(
        "--gate",
        "Gates to try: instance, mlp, uniform (as in 'ilora fit adapter'); K = 1 is uniform whatever is given, and uniform is tried "
        + "with the smallest K alone", "LIST", [GateNames.Usual], ParseGates);
    private readonly Option<double?> minutes =
        new("--minutes") { Description = "For all fits together (default 60); measuring comes on top", HelpName = "M" };
    private readonly Option<int?> steps =
        new("--steps")
        {
            Description = "Steps of all fits together, instead of --minutes: the same table however busy the machine is",
            HelpName = "N"
        };
    private readonly Option<string> scorer =
        new Option<string>("--scorer")
        {
            Description = "head or title",
            HelpName = "NAME",
            DefaultValueFactory = _ => "head"
        }.AcceptOnlyFromAmong("head", "title");
    private readonly Option<string> prompt =
        new Option<string>("--prompt")
        {
            Description = "hybrid or text",
            HelpName = "KIND",
            DefaultValueFactory = _ => "hybrid"
        }.AcceptOnlyFromAmong("hybrid", "text");
    private readonly Option<int> rows =
        new("--held-out-rows")
        {
            Description = "Rows of the users put aside to measure on",
            HelpName = "N",
            DefaultValueFactory = _ => 600
        };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[experts, rank, rate, gate, minutes, steps, scorer, prompt, rows])
            command.Add(option);
    }

    /// <summary>What all fits have together.</summary>
    public TuneBudget Budget(ParseResult parsed)
    {
        var (time, count) = (parsed.GetValue(minutes), parsed.GetValue(steps));
        return time is not null && count is not null ? throw new UsageException("give --minutes or --steps, not both.")
            : time is <= 0 ? throw new UsageException("--minutes must be positive.")
            : count is < 1 ? throw new UsageException("--steps must be at least 1.")
            : new(TimeSpan.FromMinutes(time ?? UsualMinutes), count);
    }

    public int Rows(ParseResult parsed) =>
        parsed.GetValue(rows) is var wanted and > 0 ? wanted : throw new UsageException("--held-out-rows must be positive.");

    public IReadOnlyList<TuneSetting> Settings(ParseResult parsed)
    {
        var settings = TuneSetting.All(
            parsed.GetRequiredValue(experts), parsed.GetRequiredValue(rank), Rates(parsed),
            [.. parsed.GetRequiredValue(gate).Select(GateNames.Parse)]);
        return settings.Count > 0 ? settings : throw new UsageException("no rank of --rank is a multiple of a number of --experts.");
    }

    private double[] Rates(ParseResult parsed) =>
        parsed.GetRequiredValue(rate) is { Length: > 0 } given ? given : [AdapterFitOptions.UsualRate(ScorerOf(parsed))];

    private Scorer ScorerOf(ParseResult parsed) => parsed.GetValue(scorer) == "head" ? Scorer.Head : Scorer.Title;

    public AdapterFitOptions Fit(ParseResult parsed, TuneSetting setting, TuneBudget budget, int seed) => new()
    {
        Shape = AdapterShape.Default with { Experts = setting.Experts, Rank = setting.Rank, Alpha = 4 * setting.Rank },
        Gate = setting.Gate,
        Rate = setting.Rate,
        Scorer = ScorerOf(parsed),
        Prompt = parsed.GetValue(prompt) == "hybrid" ? PromptStyle.Hybrid : PromptStyle.Text,
        Budget = budget.Time,
        Steps = budget.Steps,
        // As often through the data as the budget lasts, as 'ilora fit adapter --minutes' goes.
        Epochs = 0,
        Seed = seed,
    };

    private static Option<T[]> Numbers<T>(string name, string description, T[] usual)
        where T : INumber<T> => ListOption.Create(name, description, "LIST", usual, (result, texts) => Parse<T>(name, result, texts));

    private static T[] Parse<T>(string name, ArgumentResult result, string[] texts)
        where T : INumber<T>
    {
        var numbers = new List<T>();
        foreach (var text in texts)
        {
            if (T.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > T.Zero)
                numbers.Add(number);
            else
                result.AddError($"'{text}' of {name} is not a positive number; give a list like 1,2,4");
        }
        return [.. numbers];
    }

    private static string[] ParseGates(ArgumentResult result, string[] names)
    {
        foreach (var unknown in names.Except(GateNames.All))
            result.AddError($"'{unknown}' of --gate is no gate; give a list of {string.Join(", ", GateNames.All)}");
        if (names.Length == 0)
            result.AddError($"--gate names no gate; give a list of {string.Join(", ", GateNames.All)}");
        return names;
    }
}
