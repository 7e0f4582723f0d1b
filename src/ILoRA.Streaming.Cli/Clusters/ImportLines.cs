using System.Security.Cryptography;
using System.Text;
using ILoRA.Streaming.Importing.Resuming;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>What a file holds, in the order in which it is sent.</summary>
/// <param name="All">All lines of the file that will be sent, now or by a later import.</param>
/// <param name="Wanted">The beginning of <paramref name="All"/> that is to be sent now.</param>
/// <param name="Number">A line's number in the file.</param>
/// <param name="Time">The event time of a line.</param>
/// <param name="Reading">Everything that decides what a line of the file becomes, and which are left out before the first.</param>
/// <param name="Stop">Cancels passes over the lines that send nothing; they throw.</param>
internal sealed record ImportLines<T>(
    IEnumerable<T> All, IEnumerable<T> Wanted, Func<T, long> Number, Func<T, DateTimeOffset> Time, string Reading, CancellationToken Stop)
{
    private const int Preview = 3;

    /// <summary>A line's id where the file gives none.</summary>
    public required Func<T, string> IdOf { get; init; }

    /// <summary>The first lines of the file.</summary>
    public IReadOnlyList<T> First { get; } = [.. All.StoppedBy(Stop)
        .Aggregate(new List<T>(Preview + 1), (first, line) => Keep(first, line, Number))];

    /// <summary>
    /// Of the file's name, of how it is read and of its first line: what an import keeps is for files of which all three are the same, so
    /// that two files of one name, or the same file read otherwise, do not meet.
    /// </summary>
    public string Fingerprint(string file)
    {
        var text = string.Join('\n', [file, Reading, .. First.Take(1).Select(IdOf)]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
    }

    public long CountUpTo(long line) => line == 0 ? 0 : Count(Wanted.Where(each => Number(each) <= line));

    /// <exception cref="OperationCanceledException">By <see cref="Stop"/>.</exception>
    public long Count(IEnumerable<T> lines) => lines.StoppedBy(Stop).LongCount();

    public IEnumerable<T> AllOf(ImportPart part) => All.Where(line => part.Holds(Number(line)));

    public IEnumerable<T> WantedOf(ImportPart part) => Wanted.Where(line => part.Holds(Number(line)));

    /// <summary>The sort is stable: of one line, what comes first stays first.</summary>
    private static List<T> Keep(List<T> first, T line, Func<T, long> number)
    {
        if (first.Count == Preview && number(line) >= number(first[^1]))
            return first;
        first.Insert(first.Count(other => number(other) <= number(line)), line);
        if (first.Count > Preview)
            first.RemoveAt(Preview);
        return first;
    }
}
