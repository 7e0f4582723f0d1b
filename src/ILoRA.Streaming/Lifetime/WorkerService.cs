using Microsoft.Extensions.Hosting;

namespace ILoRA.Streaming.Lifetime;

/// <summary>
/// A background service whose work has ended when it is disposed, also where the host failed before it could stop it: the clients and
/// sessions that the work uses are disposed after it, and a native one that is freed during a call damages the heap.
/// </summary>
public abstract class WorkerService : BackgroundService
{
    // More than a batch takes that waits for its deliveries; a service that hangs must not keep its process for ever.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public override void Dispose()
    {
        base.Dispose();   // asks the work to stop
        if (ExecuteTask is { } work)
            Task.WaitAny([work], Longest);
        GC.SuppressFinalize(this);
    }
}
