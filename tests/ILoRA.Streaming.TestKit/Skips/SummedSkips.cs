using System.Collections.Concurrent;
using Xunit.Sdk;

namespace ILoRA.Streaming.TestKit.Skips;

/// <summary>
/// Forwards the messages of a test run, except those of skipped tests, which it counts by reason and reports as one skipped test per reason
/// at the end.
/// </summary>
public sealed class SummedSkips(IMessageSink reported) : IMessageSink
{
    private readonly ConcurrentDictionary<string, ITestStarting> begun = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> skipped = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> counts = new(StringComparer.Ordinal);

    public bool OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            // Whether a test is skipped is known only after its start, so the start is held back until the next message.
            case ITestStarting starting:
                begun[starting.TestUniqueID] = starting;
                return true;
            case ITestSkipped skip:
                begun.TryRemove(skip.TestUniqueID, out _);
                skipped[skip.TestUniqueID] = true;
                counts.AddOrUpdate(skip.Reason, 1, (_, count) => count + 1);
                return true;
            case ITestMessage of when skipped.ContainsKey(of.TestUniqueID):
                return true;
            case ITestMessage of when begun.TryRemove(of.TestUniqueID, out var starting):
                return reported.OnMessage(starting) & reported.OnMessage(message);
            case ITestAssemblyFinished finished:
                Report(finished);
                break;
        }
        return reported.OnMessage(message);
    }

    private void Report(ITestAssemblyFinished assembly)
    {
        foreach (var ((reason, count), at) in counts.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select((entry, at) => (entry, at)))
        {
            var sum = new SkipSum(assembly, $"{assembly.AssemblyUniqueID}-skipped-{at}", $"{count} {(count == 1 ? "test" : "tests")}",
                reason);
            foreach (var message in sum.Messages())
                reported.OnMessage(message);
        }
    }
}
