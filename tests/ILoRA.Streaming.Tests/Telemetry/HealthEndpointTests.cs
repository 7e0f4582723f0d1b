using System.Net;
using System.Text.Json;
using ILoRA.Streaming.Embedded;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Telemetry;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ILoRA.Streaming.Tests.Telemetry;

public sealed class HealthEndpointTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ready_fails_while_Kafka_is_away_and_names_it_and_holds_again_after()
    {
        using var kafka = KafkaWithTopics();
        using var redis = new EmbeddedRedis();
        await using var host = await HttpHost.StartAsync(Cancel, kafka.Bootstrap, redis.Connection);
        await AnswersAsync(host, HttpStatusCode.OK);

        kafka.SetDown();
        var down = await AnswersAsync(host, HttpStatusCode.ServiceUnavailable);
        Assert.Equal(("Unhealthy", "Healthy"), (StatusOf(down, "kafka"), StatusOf(down, "redis")));
        Assert.Contains(kafka.Bootstrap, down.GetProperty("kafka").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/health/live", Cancel)).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.GetAsync("/health", Cancel)).Status);

        kafka.SetUp();
        await AnswersAsync(host, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/health", Cancel)).Status);
    }

    [Fact]
    public async Task Ready_fails_while_Redis_is_away_and_names_it_and_holds_again_after()
    {
        using var kafka = KafkaWithTopics();
        var redis = new EmbeddedRedis();
        var port = int.Parse(redis.Connection.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        try
        {
            await using var host = await HttpHost.StartAsync(Cancel, kafka.Bootstrap, redis.Connection);
            await AnswersAsync(host, HttpStatusCode.OK);

            redis.Dispose();
            var down = await AnswersAsync(host, HttpStatusCode.ServiceUnavailable);
            Assert.Equal(("Healthy", "Unhealthy"), (StatusOf(down, "kafka"), StatusOf(down, "redis")));

            redis = new EmbeddedRedis(port);
            await AnswersAsync(host, HttpStatusCode.OK);
        }
        finally
        {
            redis.Dispose();
        }
    }

    [Fact]
    public async Task A_worker_that_waits_is_named()
    {
        await using var host = await HttpHost.StartAsync(Cancel);
        host.Services.GetRequiredService<WorkerHealth>().Waiting("ilora-inference", "reading the catalogue");

        var (status, body) = await host.GetAsync("/health/ready", Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains(
            "ilora-inference: reading the catalogue", Checks(body).GetProperty("workers").GetProperty("description").GetString(),
            StringComparison.Ordinal);
    }

    private static EmbeddedKafka KafkaWithTopics()
    {
        var kafka = new EmbeddedKafka();
        foreach (var topic in new Topics("").All(1))
            kafka.CreateTopic(topic.Name, topic.Partitions);
        return kafka;
    }

    private static async Task<JsonElement> AnswersAsync(HttpHost host, HttpStatusCode wanted)
    {
        var answer =
            await Eventually.Value($"/health/ready answers {wanted}", () => host.GetAsync("/health/ready", Cancel),
                answer => answer.Status == wanted, Patience);
        return Checks(answer.Body);
    }

    private static JsonElement Checks(string body) => JsonDocument.Parse(body).RootElement.GetProperty("checks");

    private static string? StatusOf(JsonElement checks, string name) => checks.GetProperty(name).GetProperty("status").GetString();
}
