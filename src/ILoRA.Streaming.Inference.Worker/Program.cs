using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Inference.Serving;

return await StreamHost.RunAsync(args, "ilora-inference", (services, configuration) => services.AddInference(configuration));
