using System.Diagnostics;
using System.IO.Compression;
using System.Text;

namespace ILoRA.Streaming.Tests.Cli;

public sealed class InterruptedReadingTests : IDisposable
{
    /// <summary>Of one file: reading them takes far longer than the first report of how many were read.</summary>
    private const int Rows = 15_000_000, RowsABlock = 10_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-interrupted");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task A_command_that_reads_a_large_file_ends_at_a_signal(string signal)
    {
        Assert.SkipUnless(File.Exists(IloraProcess.Binary), $"{IloraProcess.Binary} is not built");
        var file = Path.Combine(folder.FullName, "clicks.csv.gz");
        Write(file);
        // What a shell starts in the background ignores SIGINT, and passes that on to whatever it starts.
        string[] command = ["--default-signal=INT", IloraProcess.Binary, "clicks", "import", file, "--bootstrap", "127.0.0.1:1"];
        using var process = Process.Start(new ProcessStartInfo("env", command) { RedirectStandardError = true })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            Assert.StartsWith("reading: ", await process.StandardError.ReadLineAsync(limit.Token), StringComparison.Ordinal);
            using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
            var rest = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(130, process.ExitCode);
            // It would have been shown and then looked for a broker had it been read to its end.
            Assert.DoesNotContain("format csv", rest, StringComparison.Ordinal);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static void Write(string path)
    {
        using var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        packed.Write("user,item,time\n"u8);
        var block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("u1,i1,1700000000\n", RowsABlock)));
        for (var at = 0; at < Rows / RowsABlock; at++)
            packed.Write(block);
    }
}
