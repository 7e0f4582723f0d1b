using System.Globalization;
using System.Security.Cryptography;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Local.View;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Offline;

namespace ILoRA.Streaming.Local.Running;

/// <summary>Fits a model for a catalogue that none was given for: on the earlier clicks, so that the later ones can be streamed and
/// judged.</summary>
internal sealed class ShopFit(Screen screen, TimeProvider time)
{
    private const double FittedShare = 0.7;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <param name="settings">As the user gave them.</param>
    /// <param name="files">Catalogue and clicks.</param>
    /// <param name="data">Where the fit is kept.</param>
    /// <param name="stop">Ends the fit early, by an exception.</param>
    /// <returns>The settings with which the run begins: as they were, where nothing has to be fitted.</returns>
    /// <exception cref="InvalidDataException">There is too little to fit on.</exception>
    public async Task<LocalSettings> PrepareAsync(LocalSettings settings, StreamedFiles files, string data, CancellationToken stop)
    {
        if (!IsNeeded(settings))
            return settings;
        if (settings.Clicks == LocalSettings.Shipped(Sample.OnlineRetailSample.ClicksFile))
            throw new InvalidDataException($"--items {settings.Items}: give its --clicks too, to fit a model on and to stream; "
                + "or --snapshot with a model that 'ilora fit all' made.");
        var (name, clicks) = (Path.GetFileName(settings.Clicks), files.Clicks.Lines.ToArray());
        var fitted = (int)(FittedShare * clicks.Length);
        var shop =
            OfflineData.Of(files.Items.Lines, clicks.Take(fitted), Path.GetFileName(settings.Items), $"{name}, first {FittedShare:P0}");
        var (fit, folder) = (Fit(settings), Path.Combine(data, "fit"));
        screen.WriteLines(Plan(settings, shop, name, clicks, fitted, fit.IsDone(shop, folder), folder));
        var made = await Task.Run(() => fit.Run(shop, folder, new StepLines(screen, time), stop), stop);
        return settings with { Backbone = made.Backbone, Snapshot = made.Folder.Adapter, FittedClicks = fitted };
    }

    private OfflineFit Fit(LocalSettings settings) => new(new()
    {
        Budget = settings.FitBudget,
        Backbone = settings.Backbone == LocalSettings.Shipped(LocalSettings.BackboneFolder) ? null : settings.Backbone,
        Layers = settings.Layers,
        Precision = settings.Precision ?? BackbonePrecision.Auto,
        HoldOutShare = 0,
        Seed = settings.Seed,
    }, TorchDevice.Choose("auto").Device, time);

    private static IEnumerable<string> Plan(LocalSettings settings, OfflineData shop, string name, ClickLine[] clicks, int fitted,
        bool done, string folder)
    {
        if (shop.UnknownItemsNote(Path.GetFileName(settings.Items)) is { } note)
            yield return $"{name}: {note}: not fitted on";
        var cut = Invariant($"the first {fitted:N0} of {clicks.Length:N0} clicks (before {clicks[fitted].Time:yyyy-MM-dd HH:mm}); ")
            + Invariant($"the other {clicks.Length - fitted:N0} are streamed");
        yield return done ? $"The model in {folder} was fitted on {cut}."
            : $"No --snapshot is given for {Path.GetFileName(settings.Items)}: a model is fitted on {cut}.";
        if (!done)
            yield return Invariant($"This takes {settings.FitBudget.TotalMinutes:0.#} minutes at most (--minutes)")
                + (settings.Data is null ? "; with --data DIR it is kept for the next start." : $" and is kept in {folder}.");
    }

    /// <summary>The shipped catalogue has the shipped model, under whatever name the file is given.</summary>
    private static bool IsNeeded(LocalSettings settings) => settings.FitsWhereNeeded
        && (settings.Backbone != LocalSettings.Shipped(LocalSettings.BackboneFolder)
            || !SameContent(settings.Items, LocalSettings.Shipped(Sample.OnlineRetailSample.ItemsFile)));

    private static bool SameContent(string a, string b) => Hash(a).AsSpan().SequenceEqual(Hash(b));

    private static byte[] Hash(string path)
    {
        using var file = File.OpenRead(path);
        return SHA256.HashData(file);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>One line for each stage, and one every few seconds.</summary>
    private sealed class StepLines(Screen screen, TimeProvider time) : IProgress<FitProgress>
    {
        private readonly long begun = time.GetTimestamp();
        private long last;
        private string shown = "";

        public void Report(FitProgress value)
        {
            var stage = value.What.Split(':')[0];
            if (stage == shown && time.GetElapsedTime(last) < Every)
                return;
            (shown, last) = (stage, time.GetTimestamp());
            screen.WriteLines([Invariant($"{Wording.Clock(time.GetElapsedTime(begun))}  fit {value.Done:P0}, {value.What}")]);
        }
    }
}
