using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Inference;

return await StreamHost.RunAsync(args, "ilora-inference", (services, configuration) => services.AddInference(configuration));
