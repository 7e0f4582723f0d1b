using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Training.Worker;

return await StreamHost.RunAsync(args, "ilora-trainer", (services, configuration) => services.AddTrainer(configuration));
