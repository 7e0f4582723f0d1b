using System.Diagnostics;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Local.View;
using ILoRA.Streaming.Local.Watching;
using ILoRA.Streaming.Model.Snapshots;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Local.Running;

/// <summary>One run: servers up, model announced, workers started, clicks streamed and judged, all of it stopped in order.</summary>
internal sealed class LocalRun(LocalSettings settings, StreamedFiles files, string data, Screen screen, TimeProvider time)
{
    private const int LiveDraws = 100, FinalDraws = 2_000, FirstClicks = 10_000;
    private static readonly string[] Lines = ["online", "frozen", "encoder", "popular"];
    private readonly StreamRate pace = new(time);
    private VersionCoverage? coverage;
    private long started;

    /// <summary>The figures at the end.</summary>
    public async Task<Figures> RunAsync(CancellationToken stop)
    {
        // Own events of JSON Lines may name an item several times: the last holds.
        ItemLine[] items = [.. files.Items.Lines.GroupBy(item => item.Item, StringComparer.Ordinal).Select(lines => lines.Last())];
        // A model that was fitted first has seen the earlier ones.
        var clicks = files.Clicks.Lines.Skip(settings.FittedClicks);
        // Read before anything is started, so that a model that cannot be served is refused at once.
        var model = FirstModel.Load(settings);
        using var servers = LocalServers.Start(settings);
        await using var app = LocalHost.Build(settings, servers, model.Backbone, data);
        var kafka = app.Services.GetRequiredService<IOptions<KafkaOptions>>().Value;
        if (servers.HasRealKafka)
            await CreateTopicsAsync(app.Services.GetRequiredService<TopicProvisioning>());
        else
            servers.CreateTopics(kafka.Topics);
        var watch = Watch(kafka.Topics, items);
        using var reader = new TopicTail(kafka, [kafka.Topics.Adapters],
            [kafka.Topics.Clicks, kafka.Topics.Sequences, kafka.Topics.Recommendations, kafka.Topics.DeadLetters]);
        await using var watching = new RunningWatch(watch, reader);
        screen.WriteLines([$"Kafka {servers.Bootstrap}, Redis {servers.Redis}, data in {data}", $"Backbone {model.Backbone.Summary}"]);
        await StreamAsync(app, model.Snapshot, items, clicks, () => Figures(watch, LiveDraws, servers.Bootstrap), stop);
        await watching.EndAsync();
        var figures = Figures(watch, FinalDraws, servers.Bootstrap);
        await app.StopAsync(CancellationToken.None);
        return LocalHost.Failure(app) is { } failure ? throw failure : figures;
    }

    private static async Task CreateTopicsAsync(TopicProvisioning provisioning)
    {
        var (_, left) = await provisioning.CreateAsync();
        if (left.Where(difference => difference.Vital).ToArray() is { Length: > 0 } vital)
            throw new InvalidOperationException($"The topics are not as they must be. {TopicDifference.Summary(vital)}.");
    }

    private async Task StreamAsync(
        WebApplication app, Snapshot snapshot, ItemLine[] items, IEnumerable<ClickLine> clicks, Func<Figures> figures,
        CancellationToken stop)
    {
        var source = new ClickSource(app.Services.GetRequiredService<EventProducer>(), time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, app.Lifetime.ApplicationStopping);
        await source.SendItemsAsync(items);
        await ActivatorUtilities.CreateInstance<FirstVersions>(app.Services).AnnounceAsync(snapshot, end.Token);
        coverage = CoverageOf(snapshot, items, clicks);
        if (coverage.Warning("the first version") is { } warning)
            screen.WriteLines([$"warning: {warning}"]);
        await LocalHost.StartAsync(app, end.Token);
        started = time.GetTimestamp();
        if (settings.Duration is { } duration)
            end.CancelAfter(duration);
        using var shown = new CancellationTokenSource();
        var showing = screen.ShowAsync(figures, shown.Token);
        try
        {
            await source.StreamAsync(clicks, Path.GetFileName(settings.Clicks), settings.ClicksPerSecond, end.Token);
            if (!end.IsCancellationRequested)
                screen.WriteLines(
                    ["All clicks of the file are sent; serving goes on, also for clicks of others. Ctrl-C ends with the summary."]);
            await Task.Delay(Timeout.InfiniteTimeSpan, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            await shown.CancelAsync();
            await showing;
        }
    }

    /// <summary>How much of the run's items and of its first clicks a version knows.</summary>
    private static VersionCoverage CoverageOf(Snapshot snapshot, ItemLine[] items, IEnumerable<ClickLine> clicks)
    {
        var (catalogue, clicked) =
            (items.Select(item => new ItemId(item.Item)), clicks.Take(FirstClicks).Select(click => new ItemId(click.Item)));
        return VersionCoverage.Of(snapshot.Items, catalogue, clicked);
    }

    private static StreamWatch Watch(Topics topics, ItemLine[] items)
    {
        var titles = items.ToDictionary(item => item.Item, item => item.Title, StringComparer.Ordinal);
        var watch = new StreamWatch(topics, Lines);
        watch.Examples.TitleOf = item => titles.GetValueOrDefault(item.Value, item.Value);
        return watch;
    }

    private Figures Figures(StreamWatch watch, int draws, string bootstrap)
    {
        var figures = watch.Figures(draws, settings.Seed, bootstrap);
        var (clicks, recommendations) = pace.Mark(figures.Clicks, figures.Recommendations);
        using var process = Process.GetCurrentProcess();
        return figures with
        {
            Coverage = coverage,
            Elapsed = time.GetElapsedTime(started),
            ClicksPerSecond = clicks,
            RecommendationsPerSecond = recommendations,
            MemoryMb = process.PeakWorkingSet64 / (1024.0 * 1024.0),
            FirstRecommendation = watch.FirstRecommendation is { } first ? first.UtcDateTime - process.StartTime.ToUniversalTime() : null,
        };
    }
}
