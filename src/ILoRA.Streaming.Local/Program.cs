using System.Runtime.InteropServices;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Local.CommandLine;
using ILoRA.Streaming.Local.Running;
using ILoRA.Streaming.Local.View;

NativeHeap.GiveBackFreed();
var interrupted = false;
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => interrupted = true);
var root = new LocalCommand().Create(async (settings, stop) =>
{
    // With --json, standard output belongs to the one document.
    var (output, terminal) = settings.Json ? (Console.Error, !Console.IsErrorRedirected) : (Console.Out, !Console.IsOutputRedirected);
    var screen = new Screen(output, terminal, TimeProvider.System);
    await GivenServers.ReachAsync(settings);
    using var folder = DataFolder.Open(settings.Data);
    var files = StreamedFiles.Open(settings, screen);
    var ready = await new ShopFit(screen, TimeProvider.System).PrepareAsync(settings, files, folder.Path, stop);
    var figures = await new LocalRun(ready, files, folder.Path, screen, TimeProvider.System).RunAsync(stop);
    screen.WriteLines(PlainLines.Summary(figures));
    if (settings.Json)
        Console.Out.WriteLine(Summary.Of(figures, settings.Seed).ToJson());
    return interrupted ? ExitCode.Interrupted : ExitCode.Done;
});
return await CommandRunner.RunAsync(root, args, Console.Out, Console.Error);
