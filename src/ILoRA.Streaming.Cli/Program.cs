using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Commands;
using ILoRA.Streaming.Hosting;

NativeHeap.GiveBackFreed();
return await CommandRunner.RunAsync(IloraCommand.Create(), args, Console.Out, Console.Error);
