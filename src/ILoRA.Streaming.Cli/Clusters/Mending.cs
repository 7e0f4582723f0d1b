using System.Diagnostics;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>
/// Mends a value by a shell command that reads it on standard input and prints the mended one; with an exit code other than 0 the record
/// is skipped.
/// </summary>
internal sealed class Mending(string command)
{
    /// <returns>The mended value, without the line end that programs add; null if the command failed.</returns>
    public async Task<byte[]?> MendAsync(byte[] value, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process =
            Process.Start(start) ?? throw new InvalidOperationException("/bin/sh did not start; --mend needs a POSIX shell.");
        using var mended = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(mended, cancellation);
        await WriteAsync(process, value, cancellation);
        await reading;
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? Trimmed(mended.ToArray()) : null;
    }

    private static async Task WriteAsync(Process process, byte[] value, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(value, cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all; its exit code says whether that was meant.
        }
    }

    private static byte[] Trimmed(byte[] text) => text.AsSpan().TrimEnd("\r\n"u8).ToArray();
}
