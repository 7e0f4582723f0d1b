using ILoRA.Streaming.Cli.Commands;
using ILoRA.Streaming.CommandLine;

return await CommandRunner.RunAsync(IloraCommand.Create(), args, Console.Out, Console.Error);
