using ILoRA.Streaming.Local;
using ILoRA.Streaming.Local.CommandLine;

var root = new LocalCommand().Create((settings, _) =>
{
    Console.WriteLine(settings);
    return Task.FromResult(ExitCode.Done);
});
return await CommandRunner.RunAsync(root, args, Console.Out, Console.Error);
