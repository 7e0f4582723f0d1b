using System.Security.Cryptography;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.IntegrationTests.Stores;

/// <summary>What every snapshot store does.</summary>
public abstract class SnapshotStoreContract
{
    private readonly Lock gate = new();

    protected abstract ISnapshotStore Store { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Puts other bytes where the part lies.</summary>
    protected abstract Task OverwriteAsync(SnapshotPart part, byte[] bytes);

    /// <summary>Told of every part put, for cleaning up.</summary>
    protected virtual void Stored(SnapshotPart part)
    {
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(4_000_000)]
    public async Task What_was_put_is_got_back(int size)
    {
        var bytes = Bytes(size);
        var part = await PutAsync(bytes, Cancel);
        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(bytes)), (long)size), (part.Sha256, part.Bytes));
        Assert.Equal(bytes, await Store.GetAsync(part, Cancel));
    }

    [Fact]
    public async Task Putting_the_same_bytes_again_names_the_same_part() =>
        Assert.Equal(await PutAsync(Bytes(100), Cancel), await PutAsync(Bytes(100), Cancel));

    [Fact]
    public async Task Many_may_put_the_same_bytes_at_once()
    {
        var parts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => PutAsync(Bytes(200_000), Cancel), Cancel)));
        Assert.Equal(Bytes(200_000), await Store.GetAsync(Assert.Single(parts.Distinct()), Cancel));
    }

    [Fact]
    public async Task A_part_that_is_not_there_is_missing() =>
        await MissingAsync(new() { Sha256 = new string('0', 64), Bytes = 1, Location = (await PutAsync(Bytes(1), Cancel)).Location });

    [Fact]
    public async Task A_part_with_other_bytes_is_refused()
    {
        var part = await PutAsync(Bytes(300), Cancel);
        await OverwriteAsync(part, Bytes(300, seed: 9));
        await RefusedAsync(part, "sha256");
    }

    [Fact]
    public async Task A_part_that_is_cut_short_is_refused_and_put_right_by_the_next_put()
    {
        var part = await PutAsync(Bytes(400), Cancel);
        await OverwriteAsync(part, Bytes(399));
        await RefusedAsync(part, "399 bytes");
        await PutAsync(Bytes(400), Cancel);
        Assert.Equal(Bytes(400), await Store.GetAsync(part, Cancel));
    }

    [Fact]
    public async Task A_part_of_another_kind_of_store_is_refused() =>
        await RefusedAsync(await PutAsync(Bytes(5), Cancel) with { Location = "tape:5" }, "Snapshots:Store");

    [Fact]
    public async Task A_deleted_part_is_gone_and_may_be_deleted_again()
    {
        var part = await PutAsync(Bytes(500), Cancel);
        await Store.DeleteAsync(part, Cancel);
        await Store.DeleteAsync(part, Cancel);
        await MissingAsync(part);
    }

    protected static byte[] Bytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private async Task<SnapshotPart> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var part = await Store.PutAsync(bytes, cancel);
        lock (gate)
            Stored(part);
        return part;
    }

    private async Task MissingAsync(SnapshotPart part) =>
        Assert.Contains("is not in", (await Assert.ThrowsAsync<MissingPartException>(() => Store.GetAsync(part, Cancel))).Message,
            StringComparison.Ordinal);

    private async Task RefusedAsync(SnapshotPart part, string reason) =>
        Assert.Contains(reason, (await Assert.ThrowsAsync<InvalidDataException>(() => Store.GetAsync(part, Cancel))).Message,
            StringComparison.Ordinal);
}
