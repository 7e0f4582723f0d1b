using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace ILoRA.Streaming.IntegrationTests.Retail;

/// <summary>One real purchase line of the shipped sample: who took what, when.</summary>
public sealed record RetailClick(DateTimeOffset Time, string User, string Item)
{
    public string Json => $$"""{"user":"{{User}}","item":"{{Item}}","time":"{{Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss'Z'}}"}""";

    /// <summary>The record that a site sends: key and value.</summary>
    public (string User, byte[] Value) Record => (User, Encoding.UTF8.GetBytes(Json));

    /// <summary>The first clicks of the shipped sample, in the order of time.</summary>
    public static IReadOnlyList<RetailClick> First(int count)
    {
        RetailClick[] clicks = [.. Lines(Sample.Clicks).Skip(1).Take(count).Select(Parse)];
        return clicks.Length == count
            ? clicks : throw new InvalidDataException($"{Sample.Clicks} has {clicks.Length} clicks, the test wants {count}.");
    }

    static IEnumerable<string> Lines(string packed)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(packed), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    static RetailClick Parse(string line)
    {
        var parts = line.Split('\t');
        return new(DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[2], CultureInfo.InvariantCulture)), parts[0], parts[1]);
    }
}
