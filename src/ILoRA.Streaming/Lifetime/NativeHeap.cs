using System.Runtime.InteropServices;

namespace ILoRA.Streaming.Lifetime;

/// <summary>
/// What glibc keeps of the memory that LibTorch, ONNX Runtime and librdkafka have freed. By default it makes up to eight arenas a core, and
/// blocks of up to 32 MB that were freed in one stay there: a trainer whose steps run on changing threads would hold the largest step once
/// for each of them.
/// </summary>
public static class NativeHeap
{
    // mallopt(3)
    private const int TrimThreshold = -1, MmapThreshold = -3, ArenaMax = -8;

    private delegate int SetOption(int option, int value);

    private delegate int TrimFree(nuint kept);

    /// <summary>
    /// Lets all threads share two arenas, and gives blocks of 4 MiB and more back when they are freed; smaller ones would cost more time in
    /// page faults than they are worth. To be called before there are many threads. Without glibc, and where its own variables say
    /// otherwise (MALLOC_ARENA_MAX, MALLOC_MMAP_THRESHOLD_, GLIBC_TUNABLES), nothing is changed.
    /// </summary>
    /// <returns>Whether the C library took it.</returns>
    public static bool GiveBackFreed()
    {
        if (IsSet("MALLOC_ARENA_MAX") || IsSet("MALLOC_MMAP_THRESHOLD_") || IsSet("GLIBC_TUNABLES")
            || Function<SetOption>("mallopt") is not { } set)
            return false;
        return new[] { set(ArenaMax, 2), set(MmapThreshold, 4 << 20), set(TrimThreshold, 64 << 20) }.All(taken => taken != 0);
    }

    /// <summary>
    /// Gives back what lies free between blocks in use. It takes milliseconds, so it is for now and then, after much was let go.
    /// </summary>
    /// <returns>Whether anything was given back.</returns>
    public static bool Trim() => Function<TrimFree>("malloc_trim") is { } trim && trim(0) != 0;

    private static T? Function<T>(string name)
        where T : Delegate =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library)
            && NativeLibrary.TryGetExport(library, name, out var address)
            ? Marshal.GetDelegateForFunctionPointer<T>(address)
            : null;

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
