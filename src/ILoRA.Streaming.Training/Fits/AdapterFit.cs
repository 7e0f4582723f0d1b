using System.Security.Cryptography;
using System.Text;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// Fits adapter and score head for the head scorer in two stages: first the language model's term alone, on the clicks that the encoder was
/// fit on (<see cref="PositionFit"/>); then all terms on the later clicks in order, test then train (<see cref="InOrderFit"/>). Without
/// later clicks the second stage is skipped.
/// </summary>
public sealed class AdapterFit(TorchBackbone torchBackbone, Backbone backbone, IReadOnlyDictionary<string, string> titles,
    AdapterFitOptions options, TimeProvider time)
{
    private const int MinValidation = 20;
    private const int ValidationPrompts = 128;
    private const int StartPrompts = 512;

    /// <summary>Runs the fit, or resumes it from its checkpoint.</summary>
    /// <param name="encoder">The encoder, fit on the first <paramref name="known"/> clicks.</param>
    /// <param name="items">The encoder's items and their counts.</param>
    /// <param name="clicks">User and item of each click, in the order of events.</param>
    /// <param name="known">The number of clicks that the encoder was fit on.</param>
    /// <param name="progress">Reported to after every step.</param>
    /// <param name="file">The checkpoint file; null writes none.</param>
    /// <param name="stop">Cancels the fit.</param>
    /// <exception cref="InvalidDataException">The checkpoint is of a fit with other data or settings.</exception>
    public Snapshot Run(
        SasRec encoder, ItemTable items, IReadOnlyList<(string User, string Item)> clicks, int known,
        IProgress<FitProgress>? progress = null, FitFile? file = null, CancellationToken stop = default)
    {
        var configuration = Configuration(encoder, items, clicks, known);
        var begun = file?.Load(configuration);
        var run =
            new FitRun(configuration, new FitClock(time, options.Budget, TimeSpan.FromSeconds(begun?.State.Seconds ?? 0)), progress, file,
                stop);
        var hasSecondStage = known < clicks.Count;
        var inOrder = new InOrderFit(torchBackbone, backbone, titles, options);
        if (begun?.State.InOrder is null)
        {
            var start = InitialSnapshot.Of(backbone, [.. titles.Values], encoder, items, options);
            start = start with { Neighbours = InitialSnapshot.Neighbours(items, clicks.Take(known), options.Trainer.Neighbours) };
            var fitted = OnPositions(start, begun, Sequences(clicks.Take(known)), hasSecondStage ? options.PositionShare : 1, run);
            // The other terms explain part of what the language model's term learned alone, so its scale is halved at the start.
            return hasSecondStage ? inOrder.Run(fitted with { Head = fitted.Head.Scaled(0.5f) }, null, clicks.Skip(known), run) : fitted;
        }
        return inOrder.Run(begun.Current, begun, clicks.Skip(known), run);
    }

    private static IReadOnlyList<string>[] Sequences(IEnumerable<(string User, string Item)> clicks) =>
        [.. clicks.GroupBy(click => click.User, StringComparer.Ordinal)
            .Select(group => (IReadOnlyList<string>)[.. group.Select(click => click.Item)]).Where(sequence => sequence.Count > 1)];

    private Snapshot OnPositions(Snapshot start, FitCheckpoint? begun, IReadOnlyList<string>[] sequences, double share, FitRun run)
    {
        var fit = Learner(begun?.Current ?? start);
        if (begun is not null)
            fit.Resume(begun.Optimisers);
        var heldOutShare = sequences.Length * options.ValidationShare >= MinValidation ? options.ValidationShare : 0;
        sequences = [.. sequences.Select(fit.Known).Where(sequence => sequence.Count > 1)];
        var windows = Windows(sequences.Where((_, number) => !HeldOut.Contains(number, heldOutShare)), fit);
        var validation = Windows(sequences.Where((_, number) => HeldOut.Contains(number, heldOutShare)), fit)
            .First(ValidationPrompts, options.Seed);
        if (begun is null)
            fit.StartFromEncoder(windows.First(StartPrompts, options.Seed));
        var maxSteps = options.Epochs > 0 ? options.Epochs * (long)windows.Epoch(0, options.Seed).Count : (long?)null;
        var schedule = new FitSchedule("language model", "targets", options.Rate, options.Steps, maxSteps, options.Patience, share);
        var loop = new FitLoop<Sample[]>(run, schedule, time);
        return loop.Run(fit, Learner, step => windows.From(step, options.Seed), validation, begun);

        PositionFit Learner(Snapshot state) => new(torchBackbone, backbone, state, titles, options.TrainedLayers);
    }

    private PromptWindows Windows(IEnumerable<IReadOnlyList<string>> sequences, PositionFit fit) =>
        new([.. sequences], fit.Tokens, options.TokenBudget);

    private string Configuration(SasRec encoder, ItemTable items, IReadOnlyList<(string User, string Item)> clicks, int known)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var asked = $"{options with { Budget = default }}|{string.Join(' ', options.Shape.Targets)}";
        hash.AppendData(Encoding.UTF8.GetBytes($"{asked}|{backbone.Hash}|{torchBackbone.Precision}|{known}\n"));
        foreach (var (item, title) in titles)
            hash.AppendData(Encoding.UTF8.GetBytes($"{item}\t{title}\t{items.RowOf(item)}\n"));
        foreach (var (user, item) in clicks)
            hash.AppendData(Encoding.UTF8.GetBytes($"{user}\t{item}\n"));
        foreach (var values in encoder.Tensors.Append(new("seen", items.Seen)).Append(new("recent", items.Recent))
            .OrderBy(tensor => tensor.Key, StringComparer.Ordinal).Select(tensor => tensor.Value))
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
