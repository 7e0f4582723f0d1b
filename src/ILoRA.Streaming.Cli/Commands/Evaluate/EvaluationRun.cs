using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Baselines;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Evaluation;
using ILoRA.Streaming.Training.Fits;

namespace ILoRA.Streaming.Cli.Commands.Evaluate;

/// <summary>Measures what the command line asks for, line by line.</summary>
internal sealed class EvaluationRun
{
    private const string Fused = "fusion";
    private const string GivenEncoderName = "encoder";

    private readonly ParseResult parsed;
    private readonly EvaluateOptions options;
    private readonly EvaluationSet set;
    private readonly Action<double, string> report;
    private readonly BaselineSuite suite;
    private readonly Dictionary<string, string> settings = new(StringComparer.Ordinal);

    /// <param name="parsed">The command line.</param>
    /// <param name="options">Its flags.</param>
    /// <param name="set">What to rank.</param>
    /// <param name="report">Told the part done of the present line, and its name.</param>
    public EvaluationRun(ParseResult parsed, EvaluateOptions options, EvaluationSet set, Action<double, string> report)
    {
        (this.parsed, this.options, this.set, this.report) = (parsed, options, set, report);
        var behaviour = new Behaviour([], set.Ids.Count);
        if (parsed.GetValue(options.Train) is { } train)
            behaviour = behaviour with { Sequences = [.. RowSequences.Of(RowFile.Read(train.FullName)).Select(sequence => sequence.Select(item => set.PlaceOf(item, train.Name)).ToArray())] };
        suite = new(behaviour, options.HoldOutOf(parsed), options.HeldOutRowsOf(parsed), set.Cases[0].Draws[0].Length, parsed.GetValue(options.Seed), TimeProvider.System);
        Comparison = new(set.Cases, suite.HeldOut, parsed.GetValue(options.Seed));
    }

    public Comparison Comparison { get; }

    public EvaluationRun Run(CancellationToken stop)
    {
        foreach (var name in BaselinesAsked())
            AddBaseline(name, stop);
        return this;
    }

    public EvaluationReport Report(TimeSpan elapsed)
    {
        var line = Comparison.Results[^1];
        var figures = LineReport.Of(line, Comparison);
        return new()
        {
            Line = line.Name,
            Rows = set.Cases.Count,
            Draws = set.Draws,
            Hr1 = figures.Hr1,
            Hr1Interval = figures.Hr1Interval,
            Ndcg5 = figures.Ndcg5,
            Mrr = figures.Mrr,
            ValidRatio = 1,
            Seconds = Math.Round(elapsed.TotalSeconds, 1),
            Methods = [.. Comparison.Results.Select(result => LineReport.Of(result, Comparison))],
            Weights = Comparison.Weights,
            Settings = settings,
        };
    }

    /// <summary>All that can be had from the files given; a name that was asked for by itself must be among them.</summary>
    private IEnumerable<string> BaselinesAsked()
    {
        var asked = parsed.GetRequiredValue(options.Baselines);
        var explicitly = asked.Length < EvaluateOptions.BaselineNames.Length;
        foreach (var name in asked)
        {
            var missing = name switch
            {
                "random" => null,
                "encoder" => parsed.GetValue(options.Encoder) is null ? options.Encoder.Name : null,
                _ => parsed.GetValue(options.Train) is null ? options.Train.Name : null,
            };
            if (missing is null)
                yield return name;
            else if (explicitly)
                throw new UsageException($"--baselines {name} needs {missing} FILE.");
        }
    }

    private void AddBaseline(string name, CancellationToken stop)
    {
        report(0, name);
        switch (name)
        {
            case "random":
                Add(suite.Random(), stop);
                break;
            case "popularity":
                Add(suite.Popular(), stop);
                break;
            case "knn":
                Add(suite.Neighbours(), stop);
                break;
            case "ease":
                Add(suite.RidgeRegression(), stop);
                break;
            case "encoder":
                Add(GivenEncoder(), stop);
                break;
            case "own-encoder":
                Add(suite.OwnEncoder(new EncoderFitOptions(), TorchDevice.Choose(parsed.GetRequiredValue(options.Device)).Device, new Told(progress => report(progress.Done, name)), stop), stop);
                break;
            default:
                AddFusions();
                break;
        }
    }

    private FittedMethod GivenEncoder()
    {
        var (encoder, table) = EncoderPart.Read(SafetensorsFile.Open(parsed.GetRequiredValue(options.Encoder).FullName));
        return suite.Encoder(encoder, [.. set.Ids.Select(table.RowOf)]);
    }

    private void AddFusions()
    {
        // A given encoder may have seen the users put aside, so its weight can't be learned on them.
        string[] parts = [.. Comparison.Results.Select(result => result.Name).Where(name => name is not ("random" or GivenEncoderName))];
        Comparison.AddLearned(Fused, parts);
        foreach (var other in (string[])["item-kNN", Fused])
            if (Has(GivenEncoderName) && Has(other))
                Comparison.AddSum($"{other} + {GivenEncoderName}", [other, GivenEncoderName]);
    }

    private bool Has(string name) => Comparison.Results.Any(result => result.Name == name);

    private void Add(FittedMethod fitted, CancellationToken stop)
    {
        var name = fitted.Method.Name;
        Comparison.Add(fitted.Method.Run(set.Cases, TimeProvider.System, done => report((double)done / set.Cases.Count, name), stop), fitted.HeldOut);
        if (fitted.Settings.Length > 0)
            settings[name] = fitted.Settings;
    }

    private sealed class Told(Action<FitProgress> told) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => told(value);
    }
}
