using System.CommandLine;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Rollout;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Rollout;

/// <summary><c>ilora rollout apply</c></summary>
internal static class RolloutApply
{
    private const string Description = """
        Put a plan into force. Inference workers swap to it once they hold a version for each arm, without a restart.

        FILE is the plan's JSON; without a revision it takes the next one. A plan that is not newer than the known one, or that pins a version that was
        never announced, is refused (exit code 1).
        """;

    private static readonly Argument<FileInfo> File = FileInputs.File("The plan: {\"rollout\", \"salt\", \"arms\": [{\"arm\", \"line\", \"version\", \"share\"}], \"stage\", \"by\", \"reason\", ...}");

    public static Command Create()
    {
        var command = new DocumentedCommand("apply", Description, "ilora rollout apply plan.json --bootstrap broker1:9092") { File, Report.JsonOption };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (file, error) = (parsed.GetRequiredValue(File), parsed.InvocationConfiguration.Error);
        PlanFile.Read(file, RolloutRegistry.Empty);
        var cluster = new Cluster(parsed);
        var kafka = await cluster.ReachTopicsAsync(topics => topics.Rollouts);
        var registry = Registries.Rollouts(kafka, error, cancellation);
        var plan = PlanFile.Read(file, registry);
        if (WhyNot(plan, registry, Registries.Adapters(kafka, error, cancellation), error) is { } reason)
        {
            await error.WriteLineAsync($"ilora rollout apply: {reason}");
            return ExitCode.Failed;
        }
        using var producer = cluster.Producer();
        await producer.ProduceAsync(producer.Topics.Rollouts, plan.Rollout.Value, EventJson.Write(plan),
            new EventHeader($"{plan.Rollout}/{plan.Revision}", RolloutPlan.EventType, TimeProvider.System.GetUtcNow()));
        new Report(parsed).Write(new ApplyReport(plan.Rollout.Value, plan.Revision), done => new Text($"Rollout {done.Rollout} revision {done.Revision} is in force."));
        return ExitCode.Done;
    }

    private static string? WhyNot(RolloutPlan plan, RolloutRegistry plans, AdapterRegistry adapters, TextWriter error)
    {
        if (plans.Find(plan.Rollout) is { } known && known.Revision >= plan.Revision)
            return $"revision {plan.Revision} is not newer than {known.Revision}, the known one of {plan.Rollout}; leave revision out to take the next.";
        foreach (var arm in plan.Arms)
        {
            if (arm.Version is { } version && adapters.Find(arm.Line, version) is null)
                return $"arm {arm.Name} pins {arm.Line}/{version}, which was never announced; see 'ilora adapters list'.";
            if (arm.Version is null && adapters.Newest(arm.Line) is null)
                error.WriteLine($"warning: line {arm.Line} of arm {arm.Name} has no version yet; workers keep their old plan until it has one.");
        }
        return null;
    }

    private sealed record ApplyReport(string Rollout, long Revision);
}
