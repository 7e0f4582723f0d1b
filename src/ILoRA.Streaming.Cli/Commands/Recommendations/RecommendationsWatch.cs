using System.CommandLine;
using System.Globalization;
using System.Text;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Recommendations;

namespace ILoRA.Streaming.Cli.Commands.Recommendations;

/// <summary><c>ilora recommendations watch</c></summary>
internal static class RecommendationsWatch
{
    private static readonly Option<string?> User = new("--user") { Description = "Only this user's", HelpName = "ID" };
    private static readonly Option<int> Top = new("--top") { Description = "Items shown of each list", HelpName = "N", DefaultValueFactory = _ => 5 };
    private static readonly Option<int?> Count = new("--count") { Description = "End after so many (default: at Ctrl-C)", HelpName = "N" };
    private static readonly Option<bool> Beginning = new("--from-beginning") { Description = "Show those that are kept, then end", Arity = ArgumentArity.Zero };
    private static readonly Option<bool> Json = new("--json") { Description = "Print each recommendation's own JSON, one a line", Arity = ArgumentArity.Zero };

    public static Command Create()
    {
        var command = new DocumentedCommand("watch", "Show recommendations as they are made: user, version, arm and the best items by title",
            "ilora recommendations watch --user 17850", "ilora recommendations watch --count 10 --json") { User, Top, Count, Beginning, Json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var kafka = new Cluster(parsed).ReachKafka();
        var titles = parsed.GetValue(Json) ? [] : Titles(kafka, cancellation);
        var left = parsed.GetValue(Count) ?? int.MaxValue;
        using var reader = new TopicReader(kafka);
        var records = parsed.GetValue(Beginning)
            ? reader.ReadToEnd(kafka.Topics.Recommendations, null, cancellation).ToAsyncEnumerable()
            : reader.FollowAsync(kafka.Topics.Recommendations, cancellation);
        await foreach (var record in records)
        {
            if (record.Message.Value is { } value && Show(value, titles, parsed) && --left == 0)
                break;
        }
        return ExitCode.Done;
    }

    /// <returns>Whether it was one to show.</returns>
    private static bool Show(byte[] value, Dictionary<string, string> titles, ParseResult parsed)
    {
        RecommendationEvent made;
        try
        {
            made = EventJson.Parse<RecommendationEvent>(value);
        }
        catch (PoisonException poison)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"warning: a recommendation is passed over: {poison.Message}");
            return false;
        }
        if (parsed.GetValue(User) is { } user && made.User.Value != user)
            return false;
        parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(Json) ? Encoding.UTF8.GetString(EventJson.Write(made)) : Line(made, titles, parsed.GetValue(Top)));
        return true;
    }

    private static string Line(RecommendationEvent made, Dictionary<string, string> titles, int top)
    {
        var items = made.Items.Take(top).Select(ranked => string.Create(CultureInfo.InvariantCulture, $"{titles.GetValueOrDefault(ranked.Item.Value, ranked.Item.Value)} ({ranked.Score:0.00})"));
        var fallback = made.Fallback is { } why ? $" {why.ToString().ToUpperInvariant()}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{made.Time:HH:mm:ss} {made.User}  {made.Version}/{made.Arm}{fallback}  {string.Join(" | ", items)}");
    }

    private static Dictionary<string, string> Titles(KafkaOptions kafka, CancellationToken cancellation)
    {
        using var reader = new TopicReader(kafka);
        var titles = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var record in reader.ReadToEnd(kafka.Topics.Items, null, cancellation).Where(record => record.Message.Value is not null))
        {
            try
            {
                var item = EventJson.Parse<ItemEvent>(record.Message.Value);
                titles[item.Item.Value] = item.Title;
            }
            catch (PoisonException)
            {
                // Without a readable title the id is shown.
            }
        }
        return titles;
    }
}
