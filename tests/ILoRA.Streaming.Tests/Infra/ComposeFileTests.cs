using System.Xml.Linq;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Inference.Serving;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Worker;

namespace ILoRA.Streaming.Tests.Infra;

public sealed class ComposeFileTests
{
    static readonly string[] Workers = ["ingest", "inference", "trainer"];
    readonly ComposeFile compose = ComposeFile.Read(Repository.PathOf("docker-compose.yml"));

    [Fact]
    public void It_runs_Kafka_Redis_the_topics_and_the_three_workers() =>
        Assert.Equal(["kafka", "redis", "topics", .. Workers], compose.Services);

    [Fact]
    public void Each_built_service_runs_the_program_of_its_project()
    {
        foreach (var service in Workers.Append("topics"))
        {
            var project = compose.BuildArguments(service)["PROJECT"];
            var file = XDocument.Load(Repository.PathOf("src", project, $"{project}.csproj"));
            Assert.Equal(file.Descendants("AssemblyName").Single().Value, compose.Command(service)[0]);
        }
    }

    [Fact]
    public void Every_flag_of_a_worker_is_one_that_it_takes()
    {
        foreach (var worker in Workers)
        {
            string[] flags = [.. compose.Command(worker).Skip(1)];
            Assert.Null(HostFlags.Mistake(flags));
            foreach (var setting in flags.Where(
                flag => flag.Contains(':', StringComparison.Ordinal) && flag.StartsWith("--", StringComparison.Ordinal)))
                Assert.Contains(setting[2..], Settings());
        }
    }

    // Section:Key of every options class that the workers bind.
    static IEnumerable<string> Settings() =>
        from options in new[] { typeof(KafkaOptions), typeof(RedisOptions), typeof(InferenceOptions), typeof(TrainerOptions) }
        from property in options.GetProperties()
        select $"{options.GetField("Section")!.GetRawConstantValue()}:{property.Name}";

    [Fact]
    public void Workers_wait_for_a_healthy_Redis_and_for_the_topics()
    {
        foreach (var worker in Workers)
        {
            Assert.Equal("service_healthy", compose.DependsOn(worker)["redis"]);
            Assert.Equal("service_completed_successfully", compose.DependsOn(worker)["topics"]);
        }
        Assert.Equal("service_healthy", compose.DependsOn("topics")["kafka"]);
    }

    [Fact]
    public void What_a_service_waits_for_is_a_service_with_a_health_check_or_one_that_ends()
    {
        foreach (var (service, condition) in compose.Services.SelectMany(name => compose.DependsOn(name)))
        {
            Assert.Contains(service, compose.Services);
            Assert.Equal(condition == "service_healthy", compose.HealthCheck(service).Count > 0);
        }
    }

    [Fact]
    public void Kafka_is_one_broker_and_controller_without_ZooKeeper()
    {
        var kafka = compose.Environment("kafka");
        Assert.Equal("broker,controller", kafka["KAFKA_PROCESS_ROLES"]);
        Assert.StartsWith($"{kafka["KAFKA_NODE_ID"]}@kafka:", kafka["KAFKA_CONTROLLER_QUORUM_VOTERS"], StringComparison.Ordinal);
        Assert.DoesNotContain(kafka.Keys, key => key.Contains("ZOOKEEPER", StringComparison.Ordinal));
        // Topics are made with their keys, compaction and retention by `ilora topics create`, never by chance.
        Assert.Equal("false", kafka["KAFKA_AUTO_CREATE_TOPICS_ENABLE"]);
    }

    [Fact]
    public void Every_advertised_listener_of_Kafka_is_listened_on()
    {
        var kafka = compose.Environment("kafka");
        var listeners = Names(kafka["KAFKA_LISTENERS"]);
        Assert.Subset(listeners, Names(kafka["KAFKA_ADVERTISED_LISTENERS"]));
        Assert.Equal(listeners, Names(kafka["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"]));

        static HashSet<string> Names(string list) => [.. list.Split(',').Select(entry => entry.Split(':')[0])];
    }

    [Fact]
    public void Redis_keeps_an_append_only_file() =>
        Assert.Equal(["redis-server", "--appendonly", "yes"], compose.Command("redis").Take(3));

    [Fact]
    public void Workers_are_healthy_when_their_image_says_that_they_are_ready()
    {
        var image = File.ReadAllText(Repository.PathOf("infra", "docker", "Dockerfile"));
        foreach (var worker in Workers)
        {
            var probe = compose.HealthCheck(worker)[^1];
            Assert.Contains("/health/ready", probe, StringComparison.Ordinal);
            Assert.Contains("/dev/tcp/127.0.0.1/8080", probe, StringComparison.Ordinal);
            Assert.DoesNotContain("--port", compose.Command(worker));
        }
        Assert.Contains("ILORA__Host__Port=8080", image, StringComparison.Ordinal);
    }

    [Fact]
    public void Named_volumes_are_declared() =>
        Assert.Equal(compose.Volumes.Order(),
            compose.Services.SelectMany(compose.Mounts).Select(mount => mount.Split(':')[0]).Where(name => name[0] is not ('.' or '$'))
                .Distinct().Order());

    [Fact]
    public void Ports_are_bound_to_this_machine_alone()
    {
        var text = File.ReadAllText(Repository.PathOf("docker-compose.yml"));
        Assert.All(text.Split('\n').Where(line => line.TrimStart().StartsWith("ports:", StringComparison.Ordinal)),
            line => Assert.Contains("127.0.0.1:", line, StringComparison.Ordinal));
    }
}
