using System.CommandLine;
using System.CommandLine.Parsing;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Fits;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary>The flags that say what adapter is fitted, and how.</summary>
internal sealed class AdapterOptions
{
    private const string HeadLoss = "softmax", Listwise = "listwise", LanguageModel = "language-model";

    private readonly Option<string> gate = new Option<string>("--gate") { Description = "instance: each sequence its own weights; uniform: an ordinary LoRA", HelpName = "KIND", DefaultValueFactory = _ => "instance" }.AcceptOnlyFromAmong("instance", "uniform");
    private readonly Option<int> experts = new("--experts") { Description = "K, slices of the rank", HelpName = "K", DefaultValueFactory = _ => AdapterShape.Default.Experts };
    private readonly Option<int> rank = new("--rank") { Description = "r, a multiple of K", HelpName = "R", DefaultValueFactory = _ => AdapterShape.Default.Rank };
    private readonly Option<float?> alpha = new("--alpha") { Description = "The correction is scaled by alpha / r (default 4 r)", HelpName = "A" };
    private readonly Option<LoraTarget[]> targets = new("--targets")
    {
        Description = "Adapted layers: q k v o gate up down (default q k v o)",
        HelpName = "NAMES",
        CustomParser = ParseTargets,
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => [.. AdapterShape.Default.Targets],
    };
    private readonly Option<string> scorer = new Option<string>("--scorer") { Description = "head: ranks the whole catalogue from one prompt pass; title: likelihood of candidates' titles", HelpName = "NAME", DefaultValueFactory = _ => "head" }.AcceptOnlyFromAmong("head", "title");
    private readonly Option<string?> loss = new Option<string?>("--loss") { Description = "softmax (head), listwise or language-model (title)", HelpName = "NAME" }.AcceptOnlyFromAmong(HeadLoss, Listwise, LanguageModel);
    private readonly Option<string> prompt = new Option<string>("--prompt") { Description = "hybrid: each title followed by its projected item row; text: titles alone", HelpName = "KIND", DefaultValueFactory = _ => "hybrid" }.AcceptOnlyFromAmong("hybrid", "text");
    private readonly Option<double?> minutes = new("--minutes") { Description = "Wall-clock limit (default 10); the fit ends when its data do, if sooner", HelpName = "M" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[gate, experts, rank, alpha, targets, scorer, loss, prompt, minutes])
            command.Add(option);
    }

    public AdapterFitOptions Read(ParseResult parsed, int seed)
    {
        var (k, r) = (parsed.GetValue(experts), parsed.GetValue(rank));
        if (k < 1 || r < 1 || r % k != 0)
            throw new UsageException($"--rank {r} must be a positive multiple of --experts {k}.");
        if (parsed.GetValue(minutes) is <= 0)
            throw new UsageException("--minutes must be positive.");
        var options = new AdapterFitOptions
        {
            Shape = new AdapterShape(k, r, parsed.GetValue(alpha) ?? 4 * r, parsed.GetRequiredValue(targets)),
            UniformGate = parsed.GetValue(gate) == "uniform",
            Scorer = parsed.GetValue(scorer) == "head" ? Scorer.Head : Scorer.Title,
            Prompt = parsed.GetValue(prompt) == "hybrid" ? PromptStyle.Hybrid : PromptStyle.Text,
            Seed = seed,
        };
        return parsed.GetValue(minutes) is { } limit ? options with { Budget = TimeSpan.FromMinutes(limit) } : options;
    }

    /// <summary>The title scorer's loss; the head has softmax alone.</summary>
    public TitleLoss Loss(ParseResult parsed, Scorer wanted)
    {
        var name = parsed.GetValue(loss);
        if (name is not null && (name == HeadLoss) != (wanted == Scorer.Head))
            throw new UsageException($"--loss {name} does not go with --scorer {parsed.GetValue(scorer)}: softmax is the head's, listwise and language-model are the title scorer's.");
        return name == LanguageModel ? TitleLoss.LanguageModel : TitleLoss.Listwise;
    }

    private static LoraTarget[] ParseTargets(ArgumentResult result)
    {
        try
        {
            return [.. result.Tokens.SelectMany(token => token.Value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)).Select(LoraTargets.Parse).Distinct().Order()];
        }
        catch (InvalidDataException unknown)
        {
            result.AddError(unknown.Message);
            return [];
        }
    }
}
