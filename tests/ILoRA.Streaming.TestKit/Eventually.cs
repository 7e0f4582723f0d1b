using System.Diagnostics;

namespace ILoRA.Streaming.TestKit;

/// <summary>Polls until a condition holds; after a time limit it fails with the last observed value.</summary>
public static class Eventually
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task Holds(string what, Func<bool> condition, TimeSpan? within = null, Func<string>? seen = null) =>
        Holds(what, () => Task.FromResult(condition()), within, seen);

    public static async Task Holds(string what, Func<Task<bool>> condition, TimeSpan? within = null, Func<string>? seen = null)
    {
        var limit = within ?? Patience;
        var clock = Stopwatch.StartNew();
        var pause = FirstPause;
        while (!await condition())
        {
            if (clock.Elapsed > limit)
                throw new TimeoutException(
                    $"Not within {limit.TotalSeconds:0.#} s: {what}.{(seen is null ? "" : $" Last seen: {seen()}")}");
            await Task.Delay(pause);
            // Longer waits poll less often, so that polling does not slow down the awaited work.
            pause = pause < LongestPause ? pause * 1.3 : LongestPause;
        }
    }

    /// <summary>Waits until the value is as wanted and returns it.</summary>
    public static async Task<T> Value<T>(string what, Func<Task<T>> read, Func<T, bool> wanted, TimeSpan? within = null)
    {
        var last = await read();
        await Holds(what, async () => wanted(last) || wanted(last = await read()), within, () => $"{last}");
        return last;
    }
}
