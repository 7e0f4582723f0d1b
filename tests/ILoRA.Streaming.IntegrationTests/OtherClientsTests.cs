using System.Text.Json;
using ILoRA.Streaming.IntegrationTests.Retail;
using ILoRA.Streaming.IntegrationTests.Workers;
using ILoRA.Streaming.TestKit;
using Json.Schema;

namespace ILoRA.Streaming.IntegrationTests;

/// <summary>kcat and Kafka's own console consumer against the running workers.</summary>
[Collection(RealServersCollection.Name)]
public sealed class OtherClientsTests
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    static readonly JsonSchema Schema = JsonSchema.FromFile(Repository.PathOf("schemas", "recommendation.schema.json"));

    [Fact]
    public async Task Kcat_and_the_console_consumer_read_recommendations_as_JSON_that_fits_the_schema()
    {
        RealServersCollection.Required();
        await using var deployment = await Deployment.StartAsync("clients");
        await deployment.Clicks.SendAsync(RetailClick.First(300).Select(click => click.Record));
        await Eventually.Holds("recommendations flow", () => deployment.Read("recommendations").Count >= 10, Patience);

        var topic = deployment.Topic("recommendations");
        AllFit((await Tool.RunAsync(Kcat(), ["-C", "-q", "-e", "-b", Deployment.Bootstrap, "-t", topic, "-o", "beginning"])).Succeeded());
        AllFit((await Tool.RunAsync(KafkaTools(),
            ["consume", "--bootstrap-server", Deployment.Bootstrap, "--topic", topic, "--from-beginning", "--max-messages", "10"]))
                .Succeeded());
    }

    [Fact]
    public async Task A_click_from_kcat_with_only_user_item_and_time_gets_a_recommendation_back()
    {
        RealServersCollection.Required();
        await using var deployment = await Deployment.StartAsync("kcat");
        var recommendations = deployment.Read("recommendations");
        var click = RetailClick.First(1)[0] with { User = "kcat-user" };

        (await Tool.RunAsync(Kcat(), ["-P", "-b", Deployment.Bootstrap, "-t", deployment.Topic("clicks"), "-k", click.User],
            input: click.Json + "\n")).Succeeded();

        await Eventually.Holds("kcat's click is answered", () => recommendations.Records.Any(record => record.Key == "kcat-user"), Patience,
            () => deployment.Ingest.Log);
        var answer = recommendations.Records.First(record => record.Key == "kcat-user");
        AllFit(answer.Text);
        Assert.NotEmpty(answer.Json.GetProperty("items").EnumerateArray());
        Assert.Equal("ilora.recommendation.v1", answer.Headers["ce_type"]);
    }

    static void AllFit(string lines)
    {
        var values = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(values);
        foreach (var value in values)
        {
            using var document = JsonDocument.Parse(value);
            var result = Schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
            var errors = (result.Details ?? []).Where(detail => detail.Errors is not null)
                .Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors!.Values)}");
            Assert.True(result.IsValid, $"{value}\n{string.Join('\n', errors)}");
        }
    }

    static string Kcat()
    {
        var kcat = Tool.Find("kcat");
        Assert.SkipWhen(kcat is null, "kcat is not installed");
        return kcat!;
    }

    static string KafkaTools()
    {
        var tools =
            Environment.GetEnvironmentVariable("ILORA_TEST_KAFKA_TOOLS")
                ?? (Repository.Shared is { } shared ? Path.Combine(shared, "kafka", "bin", "kafka") : null);
        Assert.SkipUnless(File.Exists(tools), "no Kafka command-line tools: set ILORA_TEST_KAFKA_TOOLS");
        return tools!;
    }
}
