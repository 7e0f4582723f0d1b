using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Commands;

return await CommandRunner.RunAsync(IloraCommand.Create(), args, Console.Out, Console.Error);
