using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Ingest;

return await StreamHost.RunAsync(args, "ilora-ingest", (services, configuration) => services.AddIngest(configuration));
