using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Devices;

/// <summary>
/// Runs passes in parallel, each on one thread, instead of splitting each operator among LibTorch's threads: with small tensors those
/// threads mostly wait for each other.
/// </summary>
internal static class TorchThreads
{
    /// <summary>The number of passes to run in parallel on a device: LibTorch's number of threads on a CPU, one on a GPU.</summary>
    public static int ParallelPasses(Device device) => device.type == TorchSharp.DeviceType.CPU ? get_num_threads() : 1;

    /// <summary>Runs work with a single LibTorch thread, which is faster where its tensors are small.</summary>
    public static T OnOneThread<T>(Func<T> work)
    {
        var before = get_num_threads();
        set_num_threads(1);
        try
        {
            return work();
        }
        finally
        {
            set_num_threads(before);
        }
    }

    /// <summary>
    /// Distributes parts round-robin over workers; each worker runs its parts in order on a thread of its own (see <see cref="Run"/>).
    /// </summary>
    /// <param name="parts">The number of parts.</param>
    /// <param name="workers">The number of workers, at most <paramref name="parts"/>.</param>
    /// <param name="work">Called with the worker's number and the part's number.</param>
    public static void Distribute(int parts, int workers, Action<int, int> work) =>
        Run([.. Enumerable.Range(0, workers).Select(worker => (Action)(() =>
        {
            for (var part = worker; part < parts; part += workers)
                work(worker, part);
        }))]);

    /// <summary>
    /// Runs each action on a thread of its own, the first one on the calling thread, and waits for all. A single action keeps all of
    /// LibTorch's threads.
    /// </summary>
    /// <exception cref="AggregateException">
    /// More than one action failed. The exception of a single failed action is rethrown unchanged.
    /// </exception>
    public static void Run(IReadOnlyList<Action> works)
    {
        if (works.Count <= 1)
        {
            foreach (var work in works)
                work();
            return;
        }
        var failures = new Exception?[works.Count];
        var before = get_num_threads();
        var others =
            Enumerable.Range(1, works.Count - 1).Select(number => new Thread(() => Guarded(number)) { IsBackground = true }).ToArray();
        foreach (var thread in others)
            thread.Start();
        Guarded(0);
        foreach (var thread in others)
            thread.Join();
        set_num_threads(before);
        var failed = failures.OfType<Exception>().ToArray();
        if (failed.Length == 1)
            ExceptionDispatchInfo.Throw(failed[0]);
        if (failed.Length > 1)
            throw new AggregateException(failed);

        void Guarded(int number)
        {
            try
            {
                // LibTorch stores this number per thread, and the last one set is the default of new threads: the caller's is restored at
                // the end.
                set_num_threads(1);
                works[number]();
            }
            catch (Exception failure)
            {
                failures[number] = failure;
            }
        }
    }
}
