using System.Diagnostics;
using System.Text;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Cli;

public sealed class RecommendationsWatchTests : IClassFixture<EmbeddedServers>, IDisposable
{
    private const string Script = "/usr/bin/script";
    private readonly EmbeddedServers servers;
    private readonly TopicProbe probe;
    private readonly string prefix;

    public RecommendationsWatchTests(EmbeddedServers servers)
    {
        this.servers = servers;
        (probe, prefix) = (new(servers.Bootstrap), servers.NewPrefix());
    }

    public void Dispose() => probe.Dispose();

    [Fact]
    public async Task A_pipe_gets_a_plain_line_a_list_with_titles_where_there_are_any()
    {
        await SendAsync();
        var run = await WatchAsync("--from-beginning", "--user", "ann", "--top", "2");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(
            "00:00:00 ann  online-000001/online  RED BOX (0.00) | i2 (-1.00)\n00:00:05 ann  online-000001/online  i2 (0.00) | RED BOX "
                + "(-1.00)\n", run.Output);
    }

    [Fact]
    public async Task Json_is_the_events_own()
    {
        var sent = await SendAsync();
        var run = await WatchAsync("--from-beginning", "--json", "--count", "3");
        Assert.Equal(sent.Order(StringComparer.Ordinal), run.Output.TrimEnd().Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_terminal_gets_one_table_that_is_kept_up()
    {
        Assert.SkipUnless(File.Exists(Script), $"{Script}, which makes a terminal, is not there");
        using var enough = new CancellationTokenSource();
        // The title is there before the command is; it reads titles by another consumer than lists.
        await SendAsync();
        var run = WatchOnTerminalAsync("--count", "3");
        var sending = Task.Run(async () =>
        {
            // The command follows what comes after it is up, and that is there before it draws for the second time.
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!enough.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None))
                await SendAsync();
        }, TestContext.Current.CancellationToken);
        var shown = await run.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await enough.CancelAsync();
        await sending;
        Assert.All((string[])["waiting for the first", "\e[", "RED BOX", "online-000001", "3 recommendations"],
            part => Assert.Contains(part, shown, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_of_no_items_is_a_usage_error()
    {
        var run = await WatchAsync("--top", "0");
        Assert.Equal((2, "ilora recommendations watch: --top and --count must be at least 1."), (run.Code, run.Error.TrimEnd()));
    }

    private async Task<string[]> SendAsync()
    {
        await probe.SendAsync($"{prefix}items", "i1", new ItemEvent { Item = new("i1"), Title = "RED BOX" });
        var lists =
            new[] { A.Recommendation("ann", ["i1", "i2", "i3"]), A.Recommendation("bob", ["i1"], id: "r2"),
                A.Recommendation("ann", ["i2", "i1"], id: "r3", seconds: 5) };
        foreach (var made in lists)
            await probe.SendAsync($"{prefix}recommendations", made.User.Value, made);
        return [.. lists.Select(made => Encoding.UTF8.GetString(EventJson.Write(made)))];
    }

    private Task<IloraProcess.Result> WatchAsync(params string[] options) =>
        IloraProcess.RunAsync(["recommendations", "watch", "--bootstrap", servers.Bootstrap, "--namespace", prefix, .. options]);

    private async Task<string> WatchOnTerminalAsync(params string[] options)
    {
        var command =
            string.Join(' ',
                [IloraProcess.Binary, "recommendations", "watch", "--bootstrap", servers.Bootstrap, "--namespace", prefix, .. options]);
        var start =
            new ProcessStartInfo(Script,
                ["-q", "-e", "-c", $"stty cols 100 rows 30; {command}", "/dev/null"])
            {
                RedirectStandardOutput = true,
                RedirectStandardInput = true
            };
        start.Environment["TERM"] = "xterm-256color";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        return output;
    }
}
