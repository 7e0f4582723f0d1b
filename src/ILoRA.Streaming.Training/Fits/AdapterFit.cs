using System.Security.Cryptography;
using System.Text;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// Fits adapter and score head for the head scorer in two passes. First, on the clicks that the encoder was fit on, the language model's part alone
/// (<see cref="PositionFit"/>). Then the later clicks in order, test then train (<see cref="InOrderFit"/>). Where the encoder was fit on all of them there is no second pass.
/// </summary>
public sealed class AdapterFit(TorchBackbone torchBackbone, Backbone backbone, IReadOnlyDictionary<string, string> titles, AdapterFitOptions options, TimeProvider time)
{
    private const int LeastValidation = 20;
    private const int ValidationPrompts = 128;
    private const int StartPrompts = 512;

    /// <param name="encoder">The encoder, fit on the first <paramref name="known"/> clicks.</param>
    /// <param name="items">Its items and counts.</param>
    /// <param name="clicks">User and item in event order.</param>
    /// <param name="known">How many clicks the encoder has seen.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="file">Where the checkpoint is kept, and gone on from; null keeps none.</param>
    /// <param name="stop">Ends the fit early, by an exception.</param>
    /// <exception cref="InvalidDataException">The checkpoint is of another fit.</exception>
    public Snapshot Run(
        SasRec encoder, ItemTable items, IReadOnlyList<(string User, string Item)> clicks, int known, IProgress<FitProgress>? progress = null, FitFile? file = null, CancellationToken stop = default)
    {
        var configuration = Configuration(encoder, items, clicks, known);
        var begun = file?.Load(configuration);
        var run = new FitRun(configuration, new FitClock(time, options.Budget, TimeSpan.FromSeconds(begun?.State.Seconds ?? 0)), progress, file, stop);
        var second = known < clicks.Count;
        var inOrder = new InOrderFit(torchBackbone, backbone, titles, options);
        if (begun?.State.InOrder is null)
        {
            var start = InitialSnapshot.Of(backbone, [.. titles.Values], encoder, items, options);
            start = start with { Neighbours = InitialSnapshot.Neighbours(items, clicks.Take(known), options.Trainer.Neighbours) };
            var fitted = OnPositions(start, begun, Sequences(clicks.Take(known)), second ? options.PositionShare : 1, run);
            // The other terms will explain most of what the language model learned alone, so its term begins at half.
            return second ? inOrder.Run(fitted with { Head = fitted.Head.Scaled(0.5f) }, null, clicks.Skip(known), run) : fitted;
        }
        return inOrder.Run(begun.Current, begun, clicks.Skip(known), run);
    }

    private static IReadOnlyList<string>[] Sequences(IEnumerable<(string User, string Item)> clicks) =>
        [.. clicks.GroupBy(click => click.User, StringComparer.Ordinal).Select(group => (IReadOnlyList<string>)[.. group.Select(click => click.Item)]).Where(sequence => sequence.Count > 1)];

    private Snapshot OnPositions(Snapshot start, FitCheckpoint? begun, IReadOnlyList<string>[] sequences, double part, FitRun run)
    {
        var fit = Learner(begun?.Current ?? start);
        if (begun is not null)
            fit.Resume(begun.Optimisers);
        var aside = sequences.Length * options.ValidationShare >= LeastValidation ? options.ValidationShare : 0;
        sequences = [.. sequences.Select(fit.Known).Where(sequence => sequence.Count > 1)];
        var windows = Windows(sequences.Where((_, number) => !HeldOut.Contains(number, aside)), fit);
        var validation = Windows(sequences.Where((_, number) => HeldOut.Contains(number, aside)), fit).Some(ValidationPrompts, options.Seed);
        if (begun is null)
            fit.StartFromEncoder(windows.Some(StartPrompts, options.Seed));
        var most = options.Epochs > 0 ? options.Epochs * (long)windows.Epoch(0, options.Seed).Count : (long?)null;
        var pass = new FitPass<Sample[]>(run, new("language model", "targets", options.Rate, options.Steps, most, options.Patience, part), time);
        return pass.Run(fit, Learner, step => windows.From(step, options.Seed), validation, begun);

        PositionFit Learner(Snapshot state) => new(torchBackbone, backbone, state, titles, options.TrainedLayers);
    }

    private PromptWindows Windows(IEnumerable<IReadOnlyList<string>> sequences, PositionFit fit) => new([.. sequences], fit.Tokens, options.TokenBudget);

    private string Configuration(SasRec encoder, ItemTable items, IReadOnlyList<(string User, string Item)> clicks, int known)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{options with { Budget = default }}|{string.Join(' ', options.Shape.Targets)}|{backbone.Hash}|{torchBackbone.Precision}|{known}\n"));
        foreach (var (item, title) in titles)
            hash.AppendData(Encoding.UTF8.GetBytes($"{item}\t{title}\t{items.RowOf(item)}\n"));
        foreach (var (user, item) in clicks)
            hash.AppendData(Encoding.UTF8.GetBytes($"{user}\t{item}\n"));
        foreach (var values in encoder.Tensors.Append(new("seen", items.Seen)).Append(new("recent", items.Recent)).OrderBy(tensor => tensor.Key, StringComparer.Ordinal).Select(tensor => tensor.Value))
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
