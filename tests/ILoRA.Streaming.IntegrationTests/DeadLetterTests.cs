using System.Globalization;
using System.Text;
using ILoRA.Streaming.IntegrationTests.Broken;
using ILoRA.Streaming.IntegrationTests.Records;
using ILoRA.Streaming.IntegrationTests.Retail;
using ILoRA.Streaming.IntegrationTests.Workers;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests;

[Collection(RealServersCollection.Name)]
public sealed class DeadLetterTests
{
    const int BrokenCount = 1000;
    const int RightCount = 2000;
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_thousand_broken_clicks_of_thirty_kinds_are_put_aside_with_a_reason_and_delay_nothing()
    {
        RealServersCollection.Required();
        Assert.True(BrokenClicks.Kinds.Count >= 30);
        await using var deployment = await Deployment.StartAsync("broken");
        var letters = deployment.Read("dead-letters");
        var check = new LoopCheck(deployment, 50);

        // Two right clicks, a broken one, and so on, through the same partitions.
        var right = RetailClick.First(RightCount);
        var mixed = right.SelectMany((click, i) => i % 2 == 0 ? [click.Record, Broken(i / 2)] : new[] { click.Record });
        await deployment.Clicks.SendAsync(mixed);

        await Eventually.Holds("all broken clicks are put aside", () => letters.Count >= BrokenCount, Patience,
            () => $"{letters.Count} dead letters; log:\n{deployment.Ingest.Log}");
        deployment.EveryWorkerRuns();
        Assert.Equal(BrokenCount, letters.Count);
        var aside =
            letters.Records.Select(
                letter => (int.Parse(letter.Headers["dl_partition"], CultureInfo.InvariantCulture),
                    long.Parse(letter.Headers["dl_offset"], CultureInfo.InvariantCulture)));
        await check.EachClickIsAppliedOnceAsync(RightCount, aside.ToHashSet());
        Assert.All(letters.Records, letter => Assert.NotEqual("", letter.Headers["dl_reason"]));
        Unchanged(letters.Records, deployment.Read("clicks").Records);
        await MendedTheyComeThroughAsync(deployment, letters.Records);
    }

    static (string User, byte[] Value) Broken(int number) => ($"mend-{number % 40}", BrokenClicks.Value(number, $"mend-{number % 40}"));

    // What still names its user can be mended: the command writes the missing rest.
    static async Task MendedTheyComeThroughAsync(Deployment deployment, IReadOnlyList<TopicRecord> letters)
    {
        const string Mend =
            """LC_ALL=C; export LC_ALL; exec sed -n 's/.*\(mend-[0-9]*\).*/{"user":"\1","item":"85123A","time":"2011-09-01T12:00:00Z"}/p'""";
        var mendable =
            letters.Where(letter => Encoding.Latin1.GetString(letter.Value).Contains("mend-", StringComparison.Ordinal))
                .CountBy(letter => letter.Key!).ToDictionary();
        Assert.True(mendable.Values.Sum() >= BrokenCount / 2);

        (await deployment.IloraAsync("dead-letters", "redrive", "--only-valid", "--mend", Mend)).Succeeded();

        var sequences = deployment.Read("sequences");
        Dictionary<string, int> Mended() =>
            sequences.Records.Select(record => record.Key!).Where(mendable.ContainsKey).CountBy(user => user).ToDictionary();
        await Eventually.Holds("every mended click has its sequence event",
            () => mendable.All(user => Mended().GetValueOrDefault(user.Key) == user.Value), Patience,
            () => $"{Mended().Values.Sum()} of {mendable.Values.Sum()}");
    }

    // Value and key of a dead letter are the bytes that the site sent.
    static void Unchanged(IReadOnlyList<TopicRecord> letters, IReadOnlyList<TopicRecord> clicks)
    {
        var sent = clicks.ToDictionary(click => $"{click.Topic} {click.Partition} {click.Offset}");
        foreach (var letter in letters)
        {
            var original = sent[$"{letter.Headers["dl_topic"]} {letter.Headers["dl_partition"]} {letter.Headers["dl_offset"]}"];
            Assert.Equal(original.Value, letter.Value);
            Assert.Equal(original.Key, letter.Key);
        }
    }
}
