using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.TestKit;

/// <summary>Keeps a host's warnings, in their order.</summary>
public sealed class KeptWarnings : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, string Text)> kept = new();

    /// <summary>The texts of one class, named without its namespace.</summary>
    public IReadOnlyList<string> Of(string category) => [.. kept.Where(warning => warning.Category.EndsWith($".{category}", StringComparison.Ordinal)).Select(warning => warning.Text)];

    public ILogger CreateLogger(string categoryName) => new Kept(kept, categoryName);

    public void Dispose()
    {
    }

    private sealed class Kept(ConcurrentQueue<(string Category, string Text)> kept, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                kept.Enqueue((category, formatter(state, exception)));
        }
    }
}
