using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace ILoRA.Streaming.TestKit.Skips;

/// <summary>
/// xunit's own framework, but tests that are skipped for one reason are reported as one line with their number: <c>dotnet test</c> writes
/// three lines for each skipped test, and hundreds are skipped where there are no real servers. With <see cref="EachVariable"/> in the
/// environment each is reported by its name.
/// </summary>
public sealed class SummedSkipsFramework : XunitTestFramework
{
    /// <summary>Set to 1 where each skipped test counts by itself, as in CI.</summary>
    public const string EachVariable = "ILORA_TEST_EACH_SKIP";

    /// <summary>Who runs so few asked for them by name.</summary>
    private const int Few = 20;

    private static bool Each => Environment.GetEnvironmentVariable(EachVariable) is "1" or "true";

    protected override ITestFrameworkExecutor CreateExecutor(Assembly assembly) => new Executor(base.CreateExecutor(assembly));

    private sealed class Executor(ITestFrameworkExecutor own) : ITestFrameworkExecutor
    {
        public ValueTask RunTestCases(
            IReadOnlyCollection<ITestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions,
            CancellationToken? cancellationToken = null) =>
            own.RunTestCases(testCases, Each || testCases.Count <= Few ? executionMessageSink : new SummedSkips(executionMessageSink),
                executionOptions, cancellationToken);
    }
}
