using BenchmarkDotNet.Running;

// dotnet run -c Release --project tests/ILoRA.Streaming.Benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
