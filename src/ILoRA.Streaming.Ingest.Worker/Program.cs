using ILoRA.Streaming.Clicks;
using ILoRA.Streaming.Hosting;

return await StreamHost.RunAsync(args, "ilora-ingest", (services, configuration) => services.AddIngest(configuration));
