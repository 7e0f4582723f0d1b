using ILoRA.Streaming.Inference.Weights;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Tests.Inference;

public sealed class WeightCacheTests : IDisposable
{
    private const long MiB = 1 << 20;
    private static readonly DateTimeOffset Now = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string place = Directory.CreateTempSubdirectory("weight-cache").FullName;

    [Fact]
    public void The_least_recently_used_entries_are_removed_and_no_more_than_needed()
    {
        var (a, b, c) = (Stored('a', 4, daysAgo: 1), Stored('b', 4, daysAgo: 3), Stored('c', 4, daysAgo: 2));
        using var wanted = Held('d');

        Assert.True(Cache(maxMiB: 13).MakeRoom(wanted, 4 * MiB));

        Assert.False(Directory.Exists(b));
        Assert.True(Directory.Exists(a) && Directory.Exists(c));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void Entries_are_removed_only_where_there_is_no_room(int mebibytes, bool all)
    {
        Stored('a', 4, daysAgo: 1);
        Stored('b', 4, daysAgo: 2);
        using var wanted = Held('d');
        Assert.True(Cache(maxMiB: 12.001).MakeRoom(wanted, mebibytes * MiB));
        Assert.Equal(all ? 3 : 2, Cache(1).List().Count);
    }

    [Fact]
    public void An_entry_in_use_is_kept_and_the_next_oldest_is_removed()
    {
        var (used, idle) = (Stored('a', 4, daysAgo: 0), Stored('b', 4, daysAgo: 1));
        using var open = CacheEntry.Hold(used, "used", new Clock(Now - TimeSpan.FromDays(9)));
        using var wanted = Held('d');
        var cache = Cache(maxMiB: 9);
        Assert.True(cache.MakeRoom(wanted, 4 * MiB));
        Assert.True(Directory.Exists(used));
        Assert.False(Directory.Exists(idle));
        Assert.False(cache.MakeRoom(wanted, 6 * MiB));
        Assert.True(Directory.Exists(used));
    }

    [Fact]
    public void An_entry_larger_than_the_limit_removes_nothing()
    {
        var kept = Stored('a', 4, daysAgo: 1);
        using var wanted = Held('d');
        Assert.False(Cache(maxMiB: 8).MakeRoom(wanted, 9 * MiB));
        Assert.True(Directory.Exists(kept));
    }

    [Fact]
    public void Entries_are_listed_with_name_size_and_last_use()
    {
        Stored('a', 2, daysAgo: 1, "SmolLM2.gguf");
        Stored('b', 3, daysAgo: 2);
        Directory.CreateDirectory(Path.Combine(place, "something-else"));
        var listed = Cache(100).List();
        Assert.Equal(["b", "SmolLM2.gguf"], listed.Select(entry => entry.Model));
        Assert.Equal(2 * MiB, listed[1].Bytes);
        Assert.Equal(Now - TimeSpan.FromDays(1), listed[1].LastUsed);
        Assert.False(listed[1].InUse);
        using var open = CacheEntry.Hold(Path.Combine(place, listed[0].Key), "b", new Clock(Now));
        Assert.Equal([false, true], Cache(100).List().Select(entry => entry.InUse));
    }

    [Theory]
    [InlineData(null, "c b a")]
    [InlineData(2.0, "c b")]
    [InlineData(30.0, "")]
    public void Clear_removes_only_entries_that_were_not_used_for_the_given_time(double? days, string removed)
    {
        Stored('a', 1, daysAgo: 1);
        Stored('b', 1, daysAgo: 2);
        Stored('c', 1, daysAgo: 3);
        var own = Path.Combine(place, "photographs");
        Directory.CreateDirectory(own);
        var gone = Cache(100).Clear(days is { } given ? TimeSpan.FromDays(given) : null);
        Assert.Equal(removed, string.Join(' ', gone.Select(entry => entry.Model)));
        Assert.Equal(3 - gone.Count, Cache(100).List().Count);
        Assert.True(Directory.Exists(own));
    }

    [Fact]
    public void An_entry_in_use_is_not_removed_by_a_concurrent_clear()
    {
        var path = PathOf('a');
        Parallel.Invoke(
            () => Repeat(300, () => Cache(100).Clear()),
            () => Repeat(300, Use),
            () => Repeat(300, Use));

        void Use()
        {
            using var entry = CacheEntry.Hold(path, "a", TimeProvider.System);
            var partial = entry.NewPartial();
            File.WriteAllText(partial, "weights");
            File.Delete(partial);
        }
    }

    [Theory]
    [InlineData("/var/cache/me", "/home/me", "/var/cache/me/ilora")]
    [InlineData("relative", "/home/me", "/home/me/.cache/ilora")]
    [InlineData(null, "/home/me", "/home/me/.cache/ilora")]
    [InlineData("", "/home/me", "/home/me/.cache/ilora")]
    [InlineData(null, "", null)]
    public void The_folder_is_the_users_cache_by_the_XDG_specification(string? cache, string home, string? expected)
    {
        Assert.Equal(expected, WeightCacheOptions.OfUser(cache, home));
        Assert.Equal("/given", new WeightCacheOptions { Folder = "/given" }.Place());
    }

    public void Dispose() => Directory.Delete(place, true);

    private static void Repeat(int times, Action action)
    {
        for (var i = 0; i < times; i++)
            action();
    }

    private string PathOf(char name) => Path.Combine(place, $"{new string(name, 32)}-Fast-1");

    private CacheEntry Held(char name) => CacheEntry.Hold(PathOf(name), "wanted", new Clock(Now));

    private string Stored(char name, int mebibytes, int daysAgo, string? model = null)
    {
        using var entry = CacheEntry.Hold(PathOf(name), model ?? $"{name}", new Clock(Now - TimeSpan.FromDays(daysAgo)));
        File.WriteAllBytes(Path.Combine(entry.Folder, "weights.bin"), new byte[mebibytes * MiB]);
        return entry.Folder;
    }

    private WeightCache Cache(double maxMiB) =>
        new(Options.Create(new WeightCacheOptions { Folder = place, MaxGiB = maxMiB / 1024 }), new Clock(Now),
            NullLogger<WeightCache>.Instance);

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
