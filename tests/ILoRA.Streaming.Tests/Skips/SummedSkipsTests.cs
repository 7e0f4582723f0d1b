using ILoRA.Streaming.TestKit.Skips;
using Xunit.Sdk;
using Xunit.v3;

namespace ILoRA.Streaming.Tests.Skips;

public sealed class SummedSkipsTests : IMessageSink
{
    private readonly List<IMessageSinkMessage> reported = [];

    [Fact]
    public void Skipped_tests_are_reported_once_per_reason_and_others_unchanged()
    {
        var sums = new SummedSkips(this);
        foreach (var (test, reason) in new[] { ("a", "no Redis"), ("b", ""), ("c", "no Kafka"), ("d", "no Redis") })
            foreach (var message in Run(test, reason))
                sums.OnMessage(message);
        Assert.Equal(["starting b", "passed b", "finished b"], reported.OfType<ITestMessage>().Select(Named));
        reported.Clear();

        sums.OnMessage(new TestAssemblyFinished
        {
            AssemblyUniqueID = "x",
            ExecutionTime = 1,
            FinishTime = default,
            TestsFailed = 0,
            TestsNotRun = 0,
            TestsSkipped = 3,
            TestsTotal = 4
        });
        Assert.Equal([("1 test", "no Kafka"), ("2 tests", "no Redis")],
            reported.OfType<ITestStarting>().Zip(reported.OfType<ITestSkipped>(), (test, skip) => (test.TestDisplayName, skip.Reason)));
        Assert.IsType<ITestAssemblyFinished>(reported[^1], exactMatch: false);
        // Runners store collections, cases and tests by id in one table, so ids must be unique across these kinds.
        string[] ids = [.. reported.OfType<ITestCollectionStarting>().Select(of => of.TestCollectionUniqueID),
            .. reported.OfType<ITestCaseStarting>().Select(of => of.TestCaseUniqueID),
            .. reported.OfType<ITestStarting>().Select(of => of.TestUniqueID)];
        Assert.Equal(6, ids.Distinct().Count());
    }

    public bool OnMessage(IMessageSinkMessage message)
    {
        reported.Add(message);
        return true;
    }

    private static string Named(ITestMessage message) => message switch
    {
        ITestStarting => $"starting {message.TestUniqueID}",
        ITestPassed => $"passed {message.TestUniqueID}",
        ITestFinished => $"finished {message.TestUniqueID}",
        _ => $"{message.GetType().Name} {message.TestUniqueID}",
    };

    private static IEnumerable<IMessageSinkMessage> Run(string test, string reason)
    {
        yield return new TestStarting
        {
            AssemblyUniqueID = "x",
            TestCollectionUniqueID = "c",
            TestCaseUniqueID = test,
            TestUniqueID = test,
            TestClassUniqueID = null,
            TestMethodUniqueID = null,
            TestDisplayName = test,
            TestLabel = null,
            StartTime = default,
            Timeout = 0,
            Traits = new Dictionary<string, IReadOnlyCollection<string>>(),
            Explicit = false,
        };
        yield return reason.Length == 0
            ? new TestPassed
            {
                AssemblyUniqueID = "x",
                TestCollectionUniqueID = "c",
                TestCaseUniqueID = test,
                TestUniqueID = test,
                TestClassUniqueID = null,
                TestMethodUniqueID = null,
                ExecutionTime = 0,
                FinishTime = default,
                Output = "",
                Warnings = null,
            }
            : new TestSkipped
            {
                AssemblyUniqueID = "x",
                TestCollectionUniqueID = "c",
                TestCaseUniqueID = test,
                TestUniqueID = test,
                TestClassUniqueID = null,
                TestMethodUniqueID = null,
                ExecutionTime = 0,
                FinishTime = default,
                Output = "",
                Warnings = null,
                Reason = reason,
            };
        yield return new TestFinished
        {
            AssemblyUniqueID = "x",
            TestCollectionUniqueID = "c",
            TestCaseUniqueID = test,
            TestUniqueID = test,
            TestClassUniqueID = null,
            TestMethodUniqueID = null,
            Attachments = new Dictionary<string, TestAttachment>(),
            ExecutionTime = 0,
            FinishTime = default,
            Output = "",
            Warnings = null,
        };
    }
}
