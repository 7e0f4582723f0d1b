using Xunit.Sdk;
using Xunit.v3;

namespace ILoRA.Streaming.TestKit.Skips;

/// <summary>
/// The xunit messages that report all tests skipped for one reason as a single skipped test in a collection of its own.
/// </summary>
/// <param name="Assembly">The message that the assembly's run has finished.</param>
/// <param name="Id">The unique id, from which those of collection, case and test are derived: runners store all kinds by id in
/// one table.</param>
/// <param name="Name">The display name.</param>
/// <param name="Reason">The reason of the skips.</param>
internal sealed record SkipSum(ITestAssemblyFinished Assembly, string Id, string Name, string Reason)
{
    private static readonly Dictionary<string, IReadOnlyCollection<string>> NoTraits = [];

    public IEnumerable<IMessageSinkMessage> Messages() => [Collection, Case, Test, Skipped, TestDone, CaseDone, CollectionDone];

    private TestCollectionStarting Collection => new()
    {
        AssemblyUniqueID = Assembly.AssemblyUniqueID,
        TestCollectionUniqueID = $"{Id}-collection",
        TestCollectionDisplayName = Name,
        TestCollectionClassName = null,
        StartTime = Assembly.FinishTime,
        Traits = NoTraits,
    };

    private TestCaseStarting Case => new()
    {
        AssemblyUniqueID = Assembly.AssemblyUniqueID,
        TestCollectionUniqueID = $"{Id}-collection",
        TestCaseUniqueID = $"{Id}-case",
        TestClassUniqueID = null,
        TestMethodUniqueID = null,
        TestCaseDisplayName = Name,
        SkipReason = Reason,
        StartTime = Assembly.FinishTime,
        Traits = NoTraits,
        Explicit = false,
        SourceFilePath = null,
        SourceLineNumber = null,
        TestClassMetadataToken = null,
        TestClassName = null,
        TestClassNamespace = null,
        TestClassSimpleName = null,
        TestMethodArity = null,
        TestMethodMetadataToken = null,
        TestMethodName = null,
        TestMethodParameterTypesVSTest = null,
        TestMethodReturnTypeVSTest = null,
    };

    private TestStarting Test => new()
    {
        AssemblyUniqueID = Assembly.AssemblyUniqueID,
        TestCollectionUniqueID = $"{Id}-collection",
        TestCaseUniqueID = $"{Id}-case",
        TestUniqueID = Id,
        TestClassUniqueID = null,
        TestMethodUniqueID = null,
        TestDisplayName = Name,
        TestLabel = null,
        StartTime = Assembly.FinishTime,
        Timeout = 0,
        Traits = NoTraits,
        Explicit = false,
    };

    private TestSkipped Skipped => new()
    {
        AssemblyUniqueID = Assembly.AssemblyUniqueID,
        TestCollectionUniqueID = $"{Id}-collection",
        TestCaseUniqueID = $"{Id}-case",
        TestUniqueID = Id,
        TestClassUniqueID = null,
        TestMethodUniqueID = null,
        Reason = Reason,
        ExecutionTime = 0,
        FinishTime = Assembly.FinishTime,
        Output = "",
        Warnings = null,
    };

    private TestFinished TestDone => new()
    {
        AssemblyUniqueID = Assembly.AssemblyUniqueID,
        TestCollectionUniqueID = $"{Id}-collection",
        TestCaseUniqueID = $"{Id}-case",
        TestUniqueID = Id,
        TestClassUniqueID = null,
        TestMethodUniqueID = null,
        Attachments = new Dictionary<string, TestAttachment>(),
        ExecutionTime = 0,
        FinishTime = Assembly.FinishTime,
        Output = "",
        Warnings = null,
    };

    private TestCaseFinished CaseDone => new()
    {
        AssemblyUniqueID = Assembly.AssemblyUniqueID,
        TestCollectionUniqueID = $"{Id}-collection",
        TestCaseUniqueID = $"{Id}-case",
        TestClassUniqueID = null,
        TestMethodUniqueID = null,
        ExecutionTime = 0,
        FinishTime = Assembly.FinishTime,
        TestsFailed = 0,
        TestsNotRun = 0,
        TestsSkipped = 1,
        TestsTotal = 1,
    };

    private TestCollectionFinished CollectionDone => new()
    {
        AssemblyUniqueID = Assembly.AssemblyUniqueID,
        TestCollectionUniqueID = $"{Id}-collection",
        ExecutionTime = 0,
        FinishTime = Assembly.FinishTime,
        TestsFailed = 0,
        TestsNotRun = 0,
        TestsSkipped = 1,
        TestsTotal = 1,
    };
}
