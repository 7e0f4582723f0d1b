using System.Diagnostics;
using System.Text.Json;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Hosts;

/// <summary>
/// Checks which native packages each host takes, as MSBuild evaluates it: the CUDA ones of LibTorch cannot be restored everywhere.
/// </summary>
public sealed class AcceleratorTests
{
    private static readonly string[] Natives =
    [
        "Microsoft.ML.OnnxRuntime", "Microsoft.ML.OnnxRuntime.Gpu", "TorchSharp-cpu", "TorchSharp-cuda-linux",
    ];

    [Theory]
    [InlineData("Inference.Worker", "cpu", "Microsoft.ML.OnnxRuntime")]
    [InlineData("Inference.Worker", "cuda", "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData("Trainer.Worker", "cpu", "TorchSharp-cpu")]
    [InlineData("Trainer.Worker", "cuda", "TorchSharp-cuda-linux")]
    [InlineData("Local", "cpu", "Microsoft.ML.OnnxRuntime", "TorchSharp-cpu")]
    [InlineData("Local", "cuda", "Microsoft.ML.OnnxRuntime.Gpu", "TorchSharp-cuda-linux")]
    [InlineData("Cli", "cpu", "Microsoft.ML.OnnxRuntime", "TorchSharp-cpu")]
    [InlineData("Cli", "cuda", "Microsoft.ML.OnnxRuntime.Gpu", "TorchSharp-cuda-linux")]
    [InlineData("Ingest.Worker", "cuda")]
    public async Task Host_takes_the_native_packages_of_its_accelerator(string host, string accelerator, params string[] expected)
    {
        var references = await PackageReferencesAsync(host, accelerator, TestContext.Current.CancellationToken);

        Assert.Equal(expected, Natives.Where(references.Contains));
    }

    private static async Task<IReadOnlySet<string>> PackageReferencesAsync(string host, string accelerator, CancellationToken cancellation)
    {
        var project = Repository.PathOf("src", $"ILoRA.Streaming.{host}", $"ILoRA.Streaming.{host}.csproj");
        var start =
            new ProcessStartInfo("dotnet", ["msbuild", project, "-getItem:PackageReference", $"-p:Accelerator={accelerator}", "-nologo"])
            {
                RedirectStandardOutput = true,
            };
        // A build that started this test leaves its own MSBuild paths behind.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0, output);

        using var document = JsonDocument.Parse(output);
        return document.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!).ToHashSet();
    }
}
