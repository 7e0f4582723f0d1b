using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ILoRA.Streaming.Cli.Commands.Recommendations;

/// <summary><c>ilora recommendations watch</c></summary>
internal static class RecommendationsWatch
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan TitlesWait = TimeSpan.FromSeconds(10);
    private static readonly Option<string?> User = new("--user") { Description = "Only this user's", HelpName = "ID" };
    private static readonly Option<int> Top =
        new("--top") { Description = "Items shown of each list", HelpName = "N", DefaultValueFactory = _ => 5 };
    private static readonly Option<int?> Count = new("--count") { Description = "End after so many (default: at Ctrl-C)", HelpName = "N" };
    private static readonly Option<bool> Beginning =
        new("--from-beginning") { Description = "Show those that are kept, as lines, then end", Arity = ArgumentArity.Zero };
    private static readonly Option<bool> Json =
        new("--json") { Description = "Print each recommendation's own JSON, one a line", Arity = ArgumentArity.Zero };

    public static Command Create()
    {
        var command = new DocumentedCommand("watch",
            "Show recommendations as they are made: user, version, arm and the best items by title. On a terminal each user's newest "
            + "list (with --user, that user's last ones) in a table that is kept up, else a line each",
            "ilora recommendations watch --user 17850",
            "ilora recommendations watch --count 10 --json") { User, Top, Count, Beginning, Json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(Top) < 1 || parsed.GetValue(Count) is < 1)
            throw new UsageException("--top and --count must be at least 1.");
        var cluster = new Cluster(parsed);
        var kafka = cluster.ReachKafka();
        var output = parsed.InvocationConfiguration.Output;
        var lists = ReadAsync(parsed, kafka, cancellation);
        if (Terminal.On(output) is not { Profile.Out.IsTerminal: true } && !parsed.GetValue(Beginning))
            parsed.InvocationConfiguration.Error.WriteLine("waiting for new recommendations; --from-beginning shows those that are kept");
        if (parsed.GetValue(Json))
        {
            await foreach (var made in lists)
                output.WriteLine(Encoding.UTF8.GetString(EventJson.Write(made)));
            return ExitCode.Done;
        }
        using var items = new CatalogueFeed(Options.Create(kafka), cluster.Dependencies(), cluster.Logs.CreateLogger<CatalogueFeed>());
        await StartAsync(items, parsed.InvocationConfiguration.Error, cancellation);
        var console = Terminal.On(output);
        if (console.Profile.Out.IsTerminal && !parsed.GetValue(Beginning))
            await LiveAsync(console, lists, new WatchedLists(parsed.GetValue(User) is not null, parsed.GetValue(Top), TimeProvider.System),
                items);
        else
            await foreach (var made in lists)
                output.WriteLine(Line(made, items.Catalogue, parsed.GetValue(Top)));
        return ExitCode.Done;
    }

    /// <summary>Titles that are there when the first list is shown; those of later items come by themselves.</summary>
    private static async Task StartAsync(CatalogueFeed items, TextWriter error, CancellationToken cancellation)
    {
        await items.StartAsync(cancellation);
        try
        {
            await items.CaughtUp.WaitAsync(TitlesWait, cancellation);
        }
        catch (TimeoutException)
        {
            error.WriteLine(
                $"warning: the items topic was not read within {TitlesWait.TotalSeconds:0} s; ids stand for titles until it is");
        }
    }

    private static async IAsyncEnumerable<RecommendationEvent> ReadAsync(ParseResult parsed, KafkaOptions kafka,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (left, shown) = (parsed.GetValue(Count) ?? int.MaxValue, 0);
        using var reader = new TopicReader(kafka);
        var records = parsed.GetValue(Beginning)
            ? reader.ReadToEnd(kafka.Topics.Recommendations, null, cancellation).ToAsyncEnumerable()
            : reader.FollowAsync(kafka.Topics.Recommendations, cancellation);
        await foreach (var record in records)
        {
            if (record.Message.Value is not { } value || Parse(value, parsed.InvocationConfiguration.Error) is not { } made
                || (parsed.GetValue(User) is { } user && made.User.Value != user))
                continue;
            yield return made;
            shown++;
            if (--left == 0)
                break;
        }
        if (shown == 0 && !cancellation.IsCancellationRequested)
            await parsed.InvocationConfiguration.Error.WriteLineAsync(
                $"no recommendations in {kafka.Topics.Recommendations} yet: they come when inference workers run and users click");
    }

    private static RecommendationEvent? Parse(byte[] value, TextWriter error)
    {
        try
        {
            return EventJson.Parse<RecommendationEvent>(value);
        }
        catch (PoisonException poison)
        {
            error.WriteLine($"warning: a recommendation is passed over: {poison.Message}");
            return null;
        }
    }

    /// <summary>Draws a few times a second, whatever the stream's pace, and once more at the end.</summary>
    private static Task LiveAsync(IAnsiConsole console, IAsyncEnumerable<RecommendationEvent> lists, WatchedLists shown,
        CatalogueFeed items)
    {
        return console.Live(Picture()).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            // At once: nothing is drawn before the first update, and lists may have come by then.
            live.Refresh();
            var reading = Task.Run(async () =>
            {
                await foreach (var made in lists)
                    shown.Add(made);
            });
            using var timer = new PeriodicTimer(Frame, TimeProvider.System);
            while (!reading.IsCompleted && await timer.WaitForNextTickAsync(CancellationToken.None))
                live.UpdateTarget(Picture());
            live.UpdateTarget(Picture());
            await reading;
        });

        IRenderable Picture() => shown.Draw(items.Catalogue, console.Profile.Width, console.Profile.Height);
    }

    private static string Line(RecommendationEvent made, Catalogue catalogue, int top)
    {
        var items =
            made.Items.Take(top)
                .Select(ranked =>
                    string.Create(CultureInfo.InvariantCulture,
                        $"{catalogue.TitleOf(ranked.Item) ?? ranked.Item.Value} ({ranked.Score:0.00})"));
        var fallback = made.Fallback is { } why ? $" {why.ToString().ToUpperInvariant()}" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{made.Time:HH:mm:ss} {made.User}  {made.Version}/{made.Arm}{fallback}  {string.Join(" | ", items)}");
    }
}
