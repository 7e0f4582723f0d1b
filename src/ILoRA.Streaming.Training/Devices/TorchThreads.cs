using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Devices;

/// <summary>
/// LibTorch's processor threads, used for whole passes: two passes of one thread each take less time than two, one after the other, whose every operator is shared among
/// two threads that wait for each other.
/// </summary>
internal static class TorchThreads
{
    /// <summary>How many passes go side by side on a device; a GPU takes one.</summary>
    public static int On(Device device) => device.type == TorchSharp.DeviceType.CPU ? get_num_threads() : 1;

    /// <summary>Runs work whose tensors are small on one thread: threads that share each of its operators mostly wait for each other, and on a busy machine they wait long.</summary>
    public static T One<T>(Func<T> work)
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

    /// <summary>Deals parts out in turn among sides, each side's one after the other on a thread of its own (see <see cref="Run"/>).</summary>
    /// <param name="parts">How many.</param>
    /// <param name="sides">Among how many; no more than parts.</param>
    /// <param name="work">Told the side and the part.</param>
    public static void Deal(int parts, int sides, Action<int, int> work) => Run([.. Enumerable.Range(0, sides).Select(side => (Action)(() =>
    {
        for (var part = side; part < parts; part += sides)
            work(side, part);
    }))]);

    /// <summary>Runs each work on a thread of its own, the first on the caller's; one alone keeps all of LibTorch's threads.</summary>
    /// <exception cref="AggregateException">More than one work failed; what a single one throws comes out as it is. The others ended.</exception>
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
        var others = Enumerable.Range(1, works.Count - 1).Select(number => new Thread(() => Guarded(number)) { IsBackground = true }).ToArray();
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
                // LibTorch keeps this number by thread, and the last one set as that of threads to come: the caller's is set back at the end.
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
