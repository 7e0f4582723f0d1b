using System.Text.RegularExpressions;
using ILoRA.Streaming.Training.Devices;

namespace ILoRA.Streaming.Tests.Cli;

/// <summary>What MKL itself says of each product (MKL_VERBOSE) while the built <c>ilora</c> fits.</summary>
public sealed partial class MklKernelsOfTheToolTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-kernels");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_fit_takes_kernels_that_do_not_go_by_memory_where_this_CPU_needs_it()
    {
        var modes = await ModesAsync([]);
        Assert.SkipWhen(modes.Length == 0, "this LibTorch has no MKL.");
        Assert.Equal(MklKernels.Needed is null, modes.Contains("OFF"));
    }

    [Fact]
    public async Task The_users_own_setting_is_taken()
    {
        var modes = await ModesAsync(new() { [MklKernels.Variable] = "COMPATIBLE" });
        Assert.SkipWhen(modes.Length == 0, "this LibTorch has no MKL.");
        Assert.Equal(["COMPATIBLE"], modes);
    }

    private async Task<string[]> ModesAsync(Dictionary<string, string> environment)
    {
        var (items, clicks) = (Path.Combine(folder.FullName, "items.tsv"), Path.Combine(folder.FullName, "clicks.csv"));
        await File.WriteAllLinesAsync(items, Enumerable.Range(0, 12).Select(item => $"i{item}\tRED BOX {item}"),
            TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(clicks,
            Enumerable.Range(0, 120).Select(click => $"u{click / 10},i{click % 12},{1_600_000_000 + click}").Prepend("user,item,time"),
            TestContext.Current.CancellationToken);
        environment["MKL_VERBOSE"] = "1";
        var run =
            await IloraProcess.RunAsync(environment, "fit", "encoder", "--items", items, "--clicks", clicks, "--out",
                Path.Combine(folder.FullName, "encoder.safetensors"), "--epochs", "1");
        Assert.True(run.Code == 0, run.Error);
        return [.. Mode().Matches(run.Output).Select(match => match.Groups[1].Value).Distinct()];
    }

    [GeneratedRegex(@"^MKL_VERBOSE SGEMM.* CNR:(\w+)", RegexOptions.Multiline)]
    private static partial Regex Mode();
}
