using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace ILoRA.Streaming.TestKit.Skips;

/// <summary>
/// xunit's framework, except that tests skipped for the same reason are reported as one test with their number: <c>dotnet test</c> writes
/// three lines for each skipped test, and hundreds are skipped where there are no real servers. With <see cref="EachVariable"/> in the
/// environment each test is reported by its name.
/// </summary>
public sealed class SummedSkipsFramework : XunitTestFramework
{
    /// <summary>The variable to set to 1 so that each skipped test is reported, as in CI.</summary>
    public const string EachVariable = "ILORA_TEST_EACH_SKIP";

    /// <summary>Up to this number of tests, each skipped one is reported, because they were probably selected by name.</summary>
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
