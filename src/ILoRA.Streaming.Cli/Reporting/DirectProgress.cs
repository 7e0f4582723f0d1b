namespace ILoRA.Streaming.Cli.Reporting;

/// <summary>Reports on the thread that makes progress and in its order, where <see cref="Progress{T}"/> posts to the thread pool.</summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
