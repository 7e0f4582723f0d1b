using Spectre.Console;

namespace ILoRA.Streaming.Cli.Reporting;

/// <summary>Progress of a long command on standard error: a bar on a terminal, a plain line now and then elsewhere.</summary>
internal static class Steps
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Counts <paramref name="name"/> (say, clicks) up to <paramref name="total"/>, null where unknown; <paramref name="work"/> reports the
    /// count so far.
    /// </summary>
    public static async Task<T> CountAsync<T>(TextWriter error, string name, long? total, TimeProvider time,
        Func<IProgress<long>, Task<T>> work)
    {
        var console = Terminal.On(error);
        if (!console.Profile.Out.IsTerminal)
            return await work(new PlainLines(error, name, total, time));
        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(),
                new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(name), maxValue: total ?? 1);
                bar.IsIndeterminate = total is null;
                var done = await work(new Bar(bar, name, total));
                bar.StopTask();
                return done;
            });
    }

    /// <summary>Follows work that knows which part of it is done (0 to 1) and what it is at.</summary>
    public static async Task<T> PartAsync<T>(TextWriter error, string name, TimeProvider time, Func<Action<double, string>, Task<T>> work)
    {
        var console = Terminal.On(error);
        if (!console.Profile.Out.IsTerminal)
        {
            var last = time.GetTimestamp();
            return await work((done, what) =>
            {
                if (time.GetElapsedTime(last) < Every)
                    return;
                last = time.GetTimestamp();
                error.WriteLine($"{name}: {done:P0} {what}");
            });
        }
        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(name), maxValue: 1);
                return await work((done, what) => (bar.Value, bar.Description) = (done, Markup.Escape(what)));
            });
    }

    private sealed class Bar(ProgressTask task, string name, long? total) : IProgress<long>
    {
        public void Report(long value)
        {
            task.Description = total is null ? $"{Markup.Escape(name)} {value:N0}" : $"{Markup.Escape(name)} {value:N0} of {total:N0}";
            if (total is not null)
                task.Value = value;
        }
    }

    private sealed class PlainLines(TextWriter error, string name, long? total, TimeProvider time) : IProgress<long>
    {
        private readonly long started = time.GetTimestamp();
        private long last = time.GetTimestamp();

        public void Report(long value)
        {
            if (time.GetElapsedTime(last) < Every)
                return;
            last = time.GetTimestamp();
            var rate = value / Math.Max(time.GetElapsedTime(started).TotalSeconds, 1e-3);
            error.WriteLine(total is null ? $"{name}: {value:N0} ({rate:N0}/s)" : $"{name}: {value:N0} of {total:N0} ({rate:N0}/s)");
        }
    }
}
