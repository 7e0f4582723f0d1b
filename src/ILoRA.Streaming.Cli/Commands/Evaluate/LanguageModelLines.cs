using System.CommandLine;
using ILoRA.Streaming.Cli.Commands.Fit;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Baselines;
using ILoRA.Streaming.Training.Evaluation;
using ILoRA.Streaming.Training.Fits;
using TorchSharp;

namespace ILoRA.Streaming.Cli.Commands.Evaluate;

/// <summary>The lines in which a language model has a part.</summary>
internal sealed class LanguageModelLines : IDisposable
{
    private readonly ParseResult parsed;
    private readonly EvaluateOptions options;
    private readonly Lines lines;
    private readonly EvaluatedBackbone backbone;
    private readonly List<AdapterLine> adapters = [];
    private readonly List<GenerationReport> generated = [];

    /// <param name="parsed">The command line; it names a backbone.</param>
    /// <param name="options">Its flags.</param>
    /// <param name="set">What to rank.</param>
    /// <param name="lines">Where measured lines go.</param>
    /// <param name="device">Where the backbone computes.</param>
    public LanguageModelLines(ParseResult parsed, EvaluateOptions options, EvaluationSet set, Lines lines, torch.Device device)
    {
        (this.parsed, this.options, this.lines) = (parsed, options, lines);
        var source = options.Backbone.Load(parsed);
        backbone = new(FrozenBackbone.Load(parsed, options.Precision, source, device), source, set);
    }

    /// <summary>What was measured of each adapter.</summary>
    public IReadOnlyList<AdapterLine> Adapters => adapters;

    public IReadOnlyList<GenerationReport> Generated => generated;

    public void AddBag() => lines.Add(new TitleBag(backbone).Method);

    /// <param name="suite">Fits it.</param>
    /// <param name="encoder">How the encoder is fit whose rows it reads, or null.</param>
    /// <param name="progress">Told after every batch.</param>
    public void AddTrainedBag(BaselineSuite suite, EncoderFitOptions? encoder, IProgress<FitProgress> progress) =>
        lines.Add(
            suite.Bag([.. backbone.Set.Titles.Select(title => TitleVectors.Of(backbone.Source, title))], encoder, new(),
                backbone.Torch.Device, progress, lines.Stop));

    public void AddZeroShot()
    {
        var scorer = new ZeroShotScorer(backbone);
        foreach (var method in (Method[])[scorer.Sum, scorer.PerToken, scorer.LessPrior])
            lines.Add(method);
    }

    /// <param name="encoder">The encoder given beside them, or null.</param>
    public void AddAdapters((SasRec Encoder, ItemTable Items)? encoder)
    {
        foreach (var (folder, name) in Named(parsed.GetValue(options.Adapter) ?? []))
        {
            var snapshot = AdapterSource.Open(folder.FullName, backbone.Source, [.. backbone.Set.Titles], encoder);
            using var scorer = new AdapterScorer(backbone, snapshot);
            var clean = LeftOut(snapshot.Items);
            if (!clean && lines.Learns)
                parsed.InvocationConfiguration.Error.WriteLine(
                    $"warning: the encoder of {name} may have seen the users put aside; fit encoder and adapter with "
                        + $"--hold-out {parsed.GetValue(options.HoldOut)}. Its fused line takes no part in the learned fusion.");
            foreach (var kind in Kinds(snapshot.Scorer))
                Add(name, kind, scorer, clean);
            if (parsed.GetValue(options.Generate))
                AddAnswers(name, scorer);
        }
    }

    /// <summary>Whether the encoder's own counts say that it has not seen the users put aside; a public checkpoint says nothing.</summary>
    private bool LeftOut(ItemTable items) => items.Recent.Any(count => count > 0) && items.Seen.Sum() <= lines.KeptClicks;

    private void Add(string adapter, string kind, AdapterScorer scorer, bool clean)
    {
        var name = $"{adapter}: {kind}";
        lines.Add(kind switch { "head" => scorer.Head(name), "title" => scorer.Title(name), _ => scorer.Served(name) },
            clean || kind != "fused");
        adapters.Add(new(adapter, kind, name));
    }

    private void AddAnswers(string name, AdapterScorer scorer)
    {
        var result =
            new GreedyAnswers(backbone, scorer).Run(backbone.Set.Cases,
                done => lines.Told((double)done / backbone.Set.Cases.Count, $"{name} in words"), lines.Stop);
        generated.Add(
            new(name, result.Valid, result.Right, result.Total, EvaluationReport.Rounded(result.ValidRatio),
                EvaluationReport.Rounded(result.Hr1OfValid)));
    }

    private string[] Kinds(Scorer fitFor) =>
        parsed.GetValue(options.Scorer) is { Length: > 0 } asked ? asked : [fitFor == Scorer.Head ? "head" : "title", "fused"];

    /// <summary>By folder name, by the whole path where two have one name.</summary>
    private static IEnumerable<(DirectoryInfo Folder, string Name)> Named(DirectoryInfo[] folders) =>
        folders.Select(folder => (folder, folders.Count(other => other.Name == folder.Name) > 1 ? folder.ToString() : folder.Name));

    public void Dispose() => backbone.Torch.Dispose();
}

/// <param name="Adapter">Its name.</param>
/// <param name="Kind">head, title or fused.</param>
/// <param name="Line">The line's name in the table.</param>
internal sealed record AdapterLine(string Adapter, string Kind, string Line);
