using System.CommandLine;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Rollout;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Rollout;

/// <summary><c>ilora rollout apply</c></summary>
internal static class RolloutApply
{
    private const string Description = """
        Put a plan into force. Inference workers swap to it once they hold a version for each arm, without a restart; until then each
        keeps the plan it has, as 'ilora rollout show' tells.

        FILE is the plan's JSON; without a revision it takes the next one. A plan that is not newer than the known one is refused
        (exit code 1), and without --force one that names a line or version that was never announced. A version that knows under half
        of the catalogue or of the recently clicked items is warned of.
        """;

    private static readonly Argument<FileInfo> File =
        FileInputs.File(
            "The plan: {\"rollout\", \"salt\", \"arms\": [{\"arm\", \"line\", \"version\", \"share\"}], \"stage\", \"by\", \"reason\", "
                + "...}");
    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Apply it though it names lines or versions that were never announced: workers keep their old plan until they are",
    };

    public static Command Create()
    {
        var command = new DocumentedCommand("apply", Description, "ilora rollout apply plan.json --bootstrap broker1:9092")
        {
            File, Force, Report.JsonOption,
        };
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
        if (registry.Find(plan.Rollout) is { } known && known.Revision >= plan.Revision)
        {
            var older = $"revision {plan.Revision} is not newer than {known.Revision}, the known one of {plan.Rollout}";
            return Refuse(error, $"{older}; leave revision out to take the next.");
        }
        var adapters = Registries.Adapters(kafka, error, cancellation);
        if (PlanReview.Unknown(plan, adapters) is { } unknown)
        {
            if (!parsed.GetValue(Force))
                return Refuse(error, $"{unknown}. See 'ilora adapters list', or apply it with --force.");
            await error.WriteLineAsync($"warning: {unknown}. Workers keep their old plan until it is announced.");
        }
        await new CoverageCheck(cluster, error).WarnAsync([.. PlanReview.Versions(plan, adapters)], cancellation);
        using var producer = cluster.Producer();
        await producer.ProduceAsync(producer.Topics.Rollouts, plan.Rollout.Value, EventJson.Write(plan),
            new EventHeader($"{plan.Rollout}/{plan.Revision}", RolloutPlan.EventType, TimeProvider.System.GetUtcNow()), cancellation);
        new Report(parsed).Write(new ApplyReport(plan.Rollout.Value, plan.Revision),
            done => new Text(
                $"Rollout {done.Rollout} revision {done.Revision} is applied; 'ilora rollout show' says which workers serve it."));
        return ExitCode.Done;
    }

    private static int Refuse(TextWriter error, string reason)
    {
        error.WriteLine($"ilora rollout apply: {reason}");
        return ExitCode.Failed;
    }

    private sealed record ApplyReport(string Rollout, long Revision);
}
