using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Telemetry;

/// <summary>
/// A server that this process needs: whether it answers, and its outages in the log. An outage is one line when it begins, one a minute
/// with the number of errors that were held back, and one when it is over, however many clients report it.
/// </summary>
public sealed class Dependency(string name, TimeProvider time, ILogger logger)
{
    /// <summary>How often a lasting outage is reported.</summary>
    internal static readonly TimeSpan Repeat = TimeSpan.FromMinutes(1);

    /// <summary>How often a probe asks the server, and how long it waits for the answer.</summary>
    internal static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(2), ProbeLimit = TimeSpan.FromSeconds(4);

    /// <summary>How long no client may fail after the server answers again: the clients reconnect one after the other.</summary>
    internal static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The same where the server answered all the time, as when one broker of several is down: its errors come every 30 s.
    /// </summary>
    internal static readonly TimeSpan Quiet = TimeSpan.FromSeconds(40);

    private readonly Lock gate = new();
    private Outage? outage;
    private readonly long made = time.GetTimestamp();
    private bool answered;
    private string? unreachable = "no answer yet";

    /// <summary>Why the server counts as unreachable; null where it answers.</summary>
    public string? Unreachable => Volatile.Read(ref unreachable);

    /// <summary>An error in one short line: the Redis client adds its own state to every message.</summary>
    public static string Brief(Exception error) => error.Message.Split([", mc: ", "\n"], StringSplitOptions.None)[0];

    /// <summary>
    /// Ends the wait for a server that has not answered since the process started: its address is likelier to be wrong than in a later
    /// outage, which only work that waits for the server brings to an end.
    /// </summary>
    /// <param name="limit">How long it is waited for.</param>
    /// <param name="remedy">What the user can do.</param>
    /// <exception cref="TimeoutException">The limit has passed without an answer.</exception>
    public void GiveUp(TimeSpan limit, string remedy)
    {
        if (!answered && time.GetElapsedTime(made) > limit)
            throw new TimeoutException($"{name}: {Unreachable} in {limit.TotalSeconds:0} s; {remedy}.");
    }

    /// <summary>A client met an error that may pass by itself.</summary>
    public void Failed(string reason)
    {
        lock (gate)
            Count(reason);
    }

    /// <summary>The probe got no answer.</summary>
    public void Unanswered(string reason)
    {
        lock (gate)
        {
            Set(reason);
            Count(reason);
            outage!.Quiet = Settled;
        }
    }

    /// <summary>The probe was answered; an outage is over when no client has failed for a while since.</summary>
    public void Answered()
    {
        lock (gate)
        {
            answered = true;
            Set(null);
            if (outage is not { } current)
                return;
            current.Answered ??= time.GetTimestamp();
            if (time.GetElapsedTime(current.Answered.Value) < current.Quiet)
                return;
            DependencyLog.Over(logger, name, time.GetElapsedTime(current.Began, current.Answered.Value).TotalSeconds, current.Held);
            outage = null;
        }
    }

    private void Set(string? reason)
    {
        Volatile.Write(ref unreachable, reason);
        StreamMetrics.DependencyUp.Record(reason is null ? 1 : 0, new KeyValuePair<string, object?>("dependency", name));
    }

    private void Count(string reason)
    {
        var now = time.GetTimestamp();
        if (outage is not { } current)
        {
            outage = new Outage { Began = now, Reported = now };
            DependencyLog.Began(logger, name, reason);
            return;
        }
        current.Answered = null;
        current.Held++;
        current.SinceReport++;
        if (time.GetElapsedTime(current.Reported, now) < Repeat)
            return;
        DependencyLog.Lasts(logger, name, time.GetElapsedTime(current.Began, now).TotalMinutes, current.SinceReport, reason);
        (current.Reported, current.SinceReport) = (now, 0);
    }

    private sealed class Outage
    {
        public required long Began { get; init; }
        public required long Reported { get; set; }
        public TimeSpan Quiet { get; set; } = Dependency.Quiet;

        /// <summary>The first answer after the last error.</summary>
        public long? Answered { get; set; }
        public long Held { get; set; }
        public long SinceReport { get; set; }
    }
}
