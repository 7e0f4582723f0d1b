using System.CommandLine;
using System.Globalization;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Fits;
using TorchSharp;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary>Runs a fit with a bar for the part done and its loss.</summary>
internal static class FitSteps
{
    public static torch.Device Device(ParseResult parsed, Option<string> option)
    {
        var choice = TorchDevice.Choose(parsed.GetRequiredValue(option));
        if (choice.Warning is { } warning)
            parsed.InvocationConfiguration.Error.WriteLine($"warning: {warning}");
        return choice.Device;
    }

    /// <returns>What the fit made, and its last loss.</returns>
    public static async Task<(T Made, double Loss, double Seconds)> RunAsync<T>(ParseResult parsed, Func<IProgress<FitProgress>, T> fit,
        Action<FitProgress>? also = null, string name = "fit")
    {
        var started = TimeProvider.System.GetTimestamp();
        var loss = 0.0;
        var made = await Steps.PartAsync(parsed.InvocationConfiguration.Error, name, TimeProvider.System,
            report => Task.Run(() => fit(new DirectProgress<FitProgress>(step =>
            {
                loss = step.Loss;
                also?.Invoke(step);
                report(step.Done,
                    double.IsNaN(step.Loss)
                        ? step.What : string.Create(CultureInfo.InvariantCulture, $"{step.What}, loss {step.Loss:0.000}"));
            }))));
        return (made, Math.Round(loss, 4), Math.Round(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 1));
    }
}
