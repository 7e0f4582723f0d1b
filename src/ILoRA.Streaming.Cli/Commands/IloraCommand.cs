using System.CommandLine;
using System.CommandLine.Help;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Commands.Adapters;
using ILoRA.Streaming.Cli.Commands.Backbones;
using ILoRA.Streaming.Cli.Commands.Bench;
using ILoRA.Streaming.Cli.Commands.Cache;
using ILoRA.Streaming.Cli.Commands.Clicks;
using ILoRA.Streaming.Cli.Commands.DeadLetters;
using ILoRA.Streaming.Cli.Commands.Evaluate;
using ILoRA.Streaming.Cli.Commands.Fit;
using ILoRA.Streaming.Cli.Commands.Items;
using ILoRA.Streaming.Cli.Commands.Recommendations;
using ILoRA.Streaming.Cli.Commands.Rollout;
using ILoRA.Streaming.Cli.Commands.Score;
using ILoRA.Streaming.Cli.Commands.Topics;
using ILoRA.Streaming.Cli.Commands.Tune;
using ILoRA.Streaming.CommandLine;

namespace ILoRA.Streaming.Cli.Commands;

/// <summary>The root: <c>ilora</c>.</summary>
internal static class IloraCommand
{
    public static RootCommand Create()
    {
        var root =
            new RootCommand(
                "A recommender that learns while it serves: operate its topics, adapters and rollouts, fit and check its models.");
        root.Options.OfType<HelpOption>().Single().Action = new HelpWithExamples();
        VersionLine.AddTo(root);
        root.Add(Servers.Bootstrap);
        root.Add(Servers.Redis);
        root.Add(Servers.Namespace);
        foreach (var command in Commands())
            root.Add(command);
        return root;
    }

    /// <summary>In the order in which a new user needs them.</summary>
    private static IEnumerable<Command> Commands() =>
    [
        TopicsCommand.Create(),
        ItemsCommand.Create(),
        ClicksCommand.Create(),
        BackboneCommand.Create(),
        FitCommand.Create(),
        TuneCommand.Create(),
        EvaluateCommand.Create(),
        ScoreCommand.Create(),
        AdaptersCommand.Create(),
        RolloutCommand.Create(),
        RecommendationsCommand.Create(),
        DeadLettersCommand.Create(),
        BenchCommand.Create(),
        CacheCommand.Create(),
    ];
}
