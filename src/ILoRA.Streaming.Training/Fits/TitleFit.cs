using System.Security.Cryptography;
using System.Text;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>Which loss the title scorer is fit with.</summary>
public enum TitleLoss
{
    /// <summary>Softmax over the packed candidates' scores.</summary>
    Listwise,

    /// <summary>The paper's: cross-entropy of the answer's tokens.</summary>
    LanguageModel,
}

/// <summary>Fits an adapter for the title scorer in one pass over the samples: the target's title among drawn candidates.</summary>
public sealed class TitleFit(TorchBackbone torchBackbone, Backbone backbone, IReadOnlyDictionary<string, string> titles, TitleFitOptions options, TimeProvider time)
{
    /// <param name="start">The adapter to begin with.</param>
    /// <param name="samples">Histories and targets, all of them with a title.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="file">Where the checkpoint is kept, and gone on from; null keeps none.</param>
    /// <param name="stop">Ends the fit early, by an exception.</param>
    /// <exception cref="InvalidDataException">The checkpoint is of another fit.</exception>
    public Snapshot Run(Snapshot start, IReadOnlyList<Sample> samples, IProgress<FitProgress>? progress = null, FitFile? file = null, CancellationToken stop = default)
    {
        var configuration = Configuration(start, samples);
        var begun = file?.Load(configuration);
        var run = new FitRun(configuration, new FitClock(time, options.Budget, TimeSpan.FromSeconds(begun?.State.Seconds ?? 0)), progress, file, stop);
        using var learner = new TitleLearner(torchBackbone, backbone, begun?.Current ?? start, titles, options);
        var order = learner.Order(samples);
        if (begun is not null)
            learner.Resume(begun);
        var steps = Math.Min(options.Steps ?? int.MaxValue, (order.Length + options.Batch - 1) / options.Batch);
        var pace = new Pace(time, begun?.State.Seen ?? 0);
        for (var step = (int)(begun?.State.Step ?? 0); Done(step) < 1; step++)
        {
            run.Stop.ThrowIfCancellationRequested();
            Sample[] batch = [.. order.Skip(step * options.Batch).Take(options.Batch)];
            var loss = learner.Step(batch, Schedule.WarmUpThenCosine(options.Rate, Done(step)));
            run.Report(Done(step + 1), loss, $"title scorer, {pace.Add(batch.Length):0.00} samples/s", pace.Total);
            var next = step + 1;
            run.Keep(state => learner.Save(state with { Step = next, Seen = pace.Total }));
        }
        return learner.Export();

        // A counted fit goes by its steps alone, so that it ends the same on a slow day.
        double Done(int step) => step >= steps ? 1 : options.Steps is null ? run.Clock.Done(step, steps) : (double)step / steps;
    }

    private string Configuration(Snapshot start, IReadOnlyList<Sample> samples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{options with { Budget = default }}|{backbone.Hash}|{torchBackbone.Precision}\n"));
        foreach (var part in SnapshotParts.Write(start).Values)
            hash.AppendData(part);
        foreach (var (item, title) in titles)
            hash.AppendData(Encoding.UTF8.GetBytes($"{item}\t{title}\n"));
        foreach (var sample in samples)
            hash.AppendData(Encoding.UTF8.GetBytes($"{string.Join('\t', sample.History)}\t{sample.Target}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>How the title scorer's adapter is fit.</summary>
public sealed record TitleFitOptions
{
    public TitleLoss Loss { get; init; } = TitleLoss.Listwise;
    public int Candidates { get; init; } = 20;
    public int Batch { get; init; } = 8;

    /// <summary>The most tokens of one pass, padding counted: a batch goes through in as many passes as that takes, with one step at its end.</summary>
    public int TokenBudget { get; init; } = 2048;

    /// <summary>Peak learning rate.</summary>
    public double Rate { get; init; } = 7e-4;

    /// <summary>Wall-clock time of the whole; the schedule ends with it.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The fit ends after so many steps, whatever the clock says, so that it ends in the same bytes; null leaves that to the budget and the samples.</summary>
    public int? Steps { get; init; }

    public int Seed { get; init; } = 1;
}
