using System.CommandLine;
using ILoRA.Streaming.Cli.Commands.Fit;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Baselines;
using ILoRA.Streaming.Training.Evaluation;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Samples;
using TorchSharp;

namespace ILoRA.Streaming.Cli.Commands.Evaluate;

/// <summary>Measures what the command line asks for, line by line.</summary>
internal sealed class EvaluationRun
{
    private static readonly EncoderFitOptions Encoder = new();

    private readonly ParseResult parsed;
    private readonly EvaluateOptions options;
    private readonly EvaluationSet set;
    private readonly string[] asked;
    private readonly torch.Device device;
    private readonly BaselineSuite suite;
    private readonly Lines lines;
    private readonly (SasRec Encoder, ItemTable Items)? encoder;

    /// <param name="parsed">The command line.</param>
    /// <param name="options">Its flags.</param>
    /// <param name="set">What to rank.</param>
    /// <param name="told">Told the part done of the present line, and its name.</param>
    /// <param name="stop">Ends it early.</param>
    public EvaluationRun(ParseResult parsed, EvaluateOptions options, EvaluationSet set, Action<double, string> told,
        CancellationToken stop)
    {
        (this.parsed, this.options, this.set) = (parsed, options, set);
        asked = [.. options.BaselinesOf(parsed)];
        device = FitSteps.Device(parsed, options.Device);
        var interactions = new Interactions([], set.Ids.Count);
        if (parsed.GetValue(options.Train) is { } train)
            interactions =
                interactions with
                {
                    Sequences = [.. RowSequences.Of(RowFile.Read(train.FullName))
                    .Select(sequence => sequence.Select(item => set.PlaceOf(item, train.Name)).ToArray())]
                };
        if (parsed.GetValue(options.Encoder) is { } file)
            encoder = EncoderPart.Read(SafetensorsFile.Open(file.FullName));
        suite = new(interactions, options.HoldOutOf(parsed), options.HeldOutRowsOf(parsed), set.Cases[0].Draws[0].Length,
            parsed.GetValue(options.Seed), TimeProvider.System);
        // Only a fusion needs the scores of the held-out rows.
        lines = new(new(set.Cases, suite.HeldOut, parsed.GetValue(options.Seed)), set.Cases, asked.Contains("fusion") ? suite.HeldOut : [],
            interactions.Split(options.HoldOutOf(parsed)).Kept.Counts().Sum(), told, stop);
    }

    /// <returns>What was measured.</returns>
    public Measured Run()
    {
        if (asked.Length == 0 && parsed.GetValue(options.Adapter) is not { Length: > 0 })
            throw new UsageException("nothing to measure; name --baselines, or an --adapter with its --backbone.");
        foreach (var name in asked)
            AddBaseline(name);
        using var languageModel = options.Backbone.IsGiven(parsed) ? new LanguageModelLines(parsed, options, set, lines, device) : null;
        if (asked.Contains("bag"))
            languageModel?.AddBag();
        foreach (var name in asked.Where(name => name is "title-bag" or "trained-bag"))
            languageModel?.AddTrainedBag(suite, name == "trained-bag" ? Encoder : null, Telling(name));
        if (asked.Contains("zero-shot"))
            languageModel?.AddZeroShot();
        languageModel?.AddAdapters(encoder);
        if (asked.Contains("fusion"))
            new Fusions(lines.Comparison).Add(languageModel?.Adapters ?? []);
        return new(set, lines, languageModel?.Adapters ?? [], languageModel?.Generated ?? []);
    }

    private void AddBaseline(string name)
    {
        lines.Told(0, name);
        switch (name)
        {
            case "random":
                lines.Add(suite.Random());
                break;
            case "popularity":
                lines.Add(suite.Popular());
                break;
            case "knn":
                lines.Add(suite.Neighbours());
                break;
            case "ease":
                lines.Add(suite.RidgeRegression());
                break;
            case "encoder":
                lines.Add(suite.Encoder(encoder!.Value.Encoder, [.. set.Ids.Select(encoder.Value.Items.RowOf)]));
                break;
            case "own-encoder":
                lines.Add(suite.OwnEncoder(Encoder, device, Telling(name), lines.Stop));
                break;
        }
    }

    private DirectProgress<FitProgress> Telling(string name) => new(step => lines.Told(step.Done, name));
}
