using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Fits;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary>The command-line options of an adapter fit.</summary>
internal sealed class AdapterOptions
{
    private const string HeadLoss = "softmax", Listwise = "listwise", LanguageModel = "language-model";

    private readonly Option<string> gate =
        new Option<string>(
            "--gate")
        {
            Description =
                "instance: each sequence its own weights by the paper's linear gate; mlp: the same with one hidden layer; uniform: an "
                    + "ordinary LoRA",
            HelpName = "KIND",
            DefaultValueFactory = _ => GateNames.Usual
        }.AcceptOnlyFromAmong(GateNames.All);
    private readonly Option<int> experts =
        new("--experts") { Description = "K, slices of the rank", HelpName = "K", DefaultValueFactory = _ => AdapterShape.Default.Experts };
    private readonly Option<int> rank =
        new("--rank") { Description = "r, a multiple of K", HelpName = "R", DefaultValueFactory = _ => AdapterShape.Default.Rank };
    private readonly Option<float?> alpha =
        new("--alpha") { Description = "The correction is scaled by alpha / r (default 4 r)", HelpName = "A" };
    private readonly Option<LoraTarget[]> targets =
        ListOption.Create("--targets", "Adapted layers: q k v o gate up down (default q k v o)", "NAMES", [.. AdapterShape.Default.Targets],
            ParseTargets);
    private readonly Option<int?> trained =
        new("--trained-layers")
        {
            Description =
            "In how many of the upper layers the adapter learns (default all); those below pass forward alone, in little more than half "
                + "the time, and a hybrid prompt's projector stays as it begins",
            HelpName = "N"
        };
    private readonly Option<string> scorer =
        new Option<string>(
            "--scorer")
        {
            Description = "head: ranks the whole catalogue from one prompt pass; title: likelihood of candidates' titles",
            HelpName = "NAME",
            DefaultValueFactory = _ => "head"
        }.AcceptOnlyFromAmong("head", "title");
    private readonly Option<string?> loss =
        new Option<string?>("--loss")
        {
            Description = "softmax (head), listwise or language-model (title)",
            HelpName = "NAME"
        }.AcceptOnlyFromAmong(HeadLoss, Listwise, LanguageModel);
    private readonly Option<string> prompt =
        new Option<string>("--prompt")
        {
            Description = "hybrid: each title followed by its projected item row; text: titles alone",
            HelpName = "KIND",
            DefaultValueFactory = _ => "hybrid"
        }.AcceptOnlyFromAmong("hybrid", "text");
    private readonly Option<int?> answers =
        new("--answers")
        {
            Description =
            "By the listwise loss: titles scored of the twenty that a prompt names, the right one and others (default all)",
            HelpName = "N"
        };
    private readonly Option<double?> minutes =
        new("--minutes") { Description = "Wall-clock budget (default 10): the schedule of the learning rate ends with it", HelpName = "M" };
    private readonly Option<int?> epochs =
        new("--epochs")
        {
            Description =
            "Most passes over the data (default: one without --minutes; with it as many as fit, until sequences put aside no longer gain)",
            HelpName = "N"
        };
    private readonly Option<int?> steps =
        new("--steps")
        {
            Description =
            "End the head scorer's first pass, or the title scorer's only one, after N steps whatever the clock says, so that the same "
                + "seed gives the same adapter (same machine, version and threads)",
            HelpName = "N"
        };
    private readonly Option<int> tokens =
        new("--batch-tokens")
        {
            Description = "Most tokens of a batch, padding counted",
            HelpName = "N",
            DefaultValueFactory = _ => new AdapterFitOptions().TokenBudget
        };
    private readonly Option<double?> rate =
        new("--rate")
        {
            Description =
            string.Create(CultureInfo.InvariantCulture,
                $"Peak learning rate (default: head {AdapterFitOptions.UsualRate(Scorer.Head)}, "
                    + $"title {AdapterFitOptions.UsualRate(Scorer.Title)})"),
            HelpName = "R"
        };
    private readonly Option<double> keep =
        new("--checkpoint-minutes")
        {
            Description =
            "Minutes between two checkpoints in DIR; the same command goes on from the last one, with --steps to the same bytes on the "
                + "same machine and version",
            HelpName = "M",
            DefaultValueFactory = _ => 2
        };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[gate, experts, rank, alpha, targets, trained, scorer, loss, prompt, answers, minutes, epochs,
            steps, tokens, rate, keep])
            command.Add(option);
    }

    public AdapterFitOptions Read(ParseResult parsed, int seed)
    {
        var (k, r) = (parsed.GetValue(experts), parsed.GetValue(rank));
        if (k < 1 || r < 1 || r % k != 0)
            throw new UsageException($"--rank {r} must be a positive multiple of --experts {k}.");
        if (parsed.GetValue(minutes) is <= 0)
            throw new UsageException("--minutes must be positive.");
        if (parsed.GetValue(epochs) is < 1 || parsed.GetValue(steps) is < 1 || parsed.GetValue(tokens) < 1
            || parsed.GetValue(rate) is <= 0 or >= 1 || parsed.GetValue(keep) is not >= 0)
            throw new UsageException(
                "--epochs, --steps and --batch-tokens must be at least 1, --rate between 0 and 1, --checkpoint-minutes 0 or more.");
        if (parsed.GetValue(trained) is < 1 || parsed.GetValue(answers) is < 2)
            throw new UsageException("--trained-layers must be at least 1, --answers at least 2.");
        var wanted = parsed.GetValue(scorer) == "head" ? Scorer.Head : Scorer.Title;
        var options = new AdapterFitOptions
        {
            Shape = new AdapterShape(k, r, parsed.GetValue(alpha) ?? 4 * r, parsed.GetRequiredValue(targets)),
            Gate = GateNames.Parse(parsed.GetRequiredValue(gate)),
            Scorer = wanted,
            TrainedLayers = parsed.GetValue(trained),
            Answers = parsed.GetValue(answers),
            Prompt = parsed.GetValue(prompt) == "hybrid" ? PromptStyle.Hybrid : PromptStyle.Text,
            Epochs = parsed.GetValue(epochs) ?? (parsed.GetValue(minutes) is null ? 1 : 0),
            Steps = parsed.GetValue(steps),
            TokenBudget = parsed.GetValue(tokens),
            Rate = parsed.GetValue(rate) ?? AdapterFitOptions.UsualRate(wanted),
            Seed = seed,
        };
        return parsed.GetValue(minutes) is { } limit ? options with { Budget = TimeSpan.FromMinutes(limit) } : options;
    }

    /// <summary>The checkpoint in the folder that the fit writes to.</summary>
    public FitFile File(ParseResult parsed, string folder) =>
        new(Path.Combine(folder, "fit.checkpoint"), TimeSpan.FromMinutes(parsed.GetValue(keep)), TimeProvider.System);

    /// <summary>The title scorer's loss; the head has softmax alone.</summary>
    public TitleLoss Loss(ParseResult parsed, Scorer wanted)
    {
        var name = parsed.GetValue(loss);
        if (name is not null && (name == HeadLoss) != (wanted == Scorer.Head))
            throw new UsageException(
                $"--loss {name} does not go with --scorer {parsed.GetValue(scorer)}: softmax is the head's, listwise and language-model "
                    + "are the title scorer's.");
        if (parsed.GetValue(answers) is { } count && (wanted == Scorer.Head || name == LanguageModel))
            throw new UsageException($"--answers {count} goes with --scorer title and its listwise loss; leave it out.");
        return name == LanguageModel ? TitleLoss.LanguageModel : TitleLoss.Listwise;
    }

    private static LoraTarget[] ParseTargets(ArgumentResult result, string[] names)
    {
        try
        {
            return [.. names.Select(LoraTargets.Parse).Distinct().Order()];
        }
        catch (InvalidDataException unknown)
        {
            result.AddError(unknown.Message);
            return [];
        }
    }
}
