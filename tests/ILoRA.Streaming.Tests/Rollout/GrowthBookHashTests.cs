using System.Text.Json;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Rollout;

public sealed class GrowthBookHashTests
{
    [Fact]
    public void The_hash_gives_the_published_buckets()
    {
        var vectors =
            File.ReadLines(Repository.PathOf("tests", "golden", "experiments", "hash.jsonl"))
                .Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.True(vectors.Length > 10);
        foreach (var vector in vectors)
        {
            var bucket = GrowthBookHash.Bucket(vector.GetProperty("seed").GetString()!, vector.GetProperty("value").GetString()!);
            Assert.Equal(vector.GetProperty("bucket").GetDouble(), bucket / (double)GrowthBookHash.Buckets, 12);
        }
    }

    [Fact]
    public void Users_of_the_longest_id_are_hashed_too() =>
        Assert.InRange(GrowthBookHash.Bucket(new string('浜', 200), new string('u', 256)), 0, GrowthBookHash.Buckets - 1);
}
