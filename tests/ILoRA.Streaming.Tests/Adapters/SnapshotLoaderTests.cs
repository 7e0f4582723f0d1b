using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Adapters;

public sealed class SnapshotLoaderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-parts-");
    private readonly FileSnapshotStore store;
    private readonly SnapshotLoader loader;

    public SnapshotLoaderTests()
    {
        store = new(folder.FullName);
        loader = new(store, new(new KafkaOptions().RetryBudget, TimeProvider.System, SilentDependencies.Create()));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_stored_is_loaded_bit_for_bit()
    {
        var parts = SnapshotParts.Write(SmallSnapshot.Create());
        var loaded = await loader.LoadAsync(await SmallSnapshot.StoreAsync(store, parts, Cancel), Cancel);
        Assert.Equal(parts, SnapshotParts.Write(loaded));
    }

    [Fact]
    public async Task A_version_that_moved_only_the_gate_stores_only_the_gate()
    {
        await SmallSnapshot.StoreAsync(store, SnapshotParts.Write(SmallSnapshot.Create()), Cancel);
        var before = folder.GetFiles("*", SearchOption.AllDirectories).Length;
        await SmallSnapshot.StoreAsync(store, SnapshotParts.Write(SmallSnapshot.Create(gate: 0.25f)), Cancel);
        Assert.Equal(before + 1, folder.GetFiles("*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task A_wrong_hash_is_refused() => await RefusedAsync(
        manifest =>
            With(manifest, SnapshotParts.Gate,
                part => part with { Sha256 = manifest.Parts[SnapshotParts.Head].Sha256, Bytes = manifest.Parts[SnapshotParts.Gate].Bytes }),
                    "bytes");

    [Fact]
    public async Task A_changed_byte_is_refused() => await RefusedAsync(
        manifest =>
        {
            var path = folder.GetFiles(manifest.Parts[SnapshotParts.Gate].Sha256, SearchOption.AllDirectories).Single().FullName;
            var bytes = File.ReadAllBytes(path);
            bytes[^1] ^= 1;
            File.WriteAllBytes(path, bytes);
            return manifest;
        },
        "sha256");

    [Fact]
    public async Task A_part_that_is_not_in_the_store_is_told_apart_and_found_once_it_is_stored_again()
    {
        var parts = SnapshotParts.Write(SmallSnapshot.Create());
        var manifest = await SmallSnapshot.StoreAsync(store, parts, Cancel);
        await store.DeleteAsync(manifest.Parts[SnapshotParts.Gate], Cancel);

        var missing = await Assert.ThrowsAsync<MissingPartException>(() => loader.LoadAsync(manifest, Cancel));
        Assert.StartsWith("Version online-000001 of line online is not complete: Part file:", missing.Message, StringComparison.Ordinal);

        await SmallSnapshot.StoreAsync(store, parts, Cancel);
        Assert.Equal(parts, SnapshotParts.Write(await loader.LoadAsync(manifest, Cancel)));
    }

    [Fact]
    public async Task A_missing_part_is_refused() => await RefusedAsync(
        manifest => manifest with { Parts = manifest.Parts.Where(part => part.Key != SnapshotParts.Encoder).ToDictionary() },
        "no part 'encoder'");

    [Fact]
    public async Task Another_backbone_than_announced_is_refused() =>
        await RefusedAsync(manifest => manifest with { Backbone = "other" }, "backbone backbone, the manifest says other");

    [Fact]
    public async Task Another_shape_than_announced_is_refused() => await RefusedAsync(
        manifest => manifest with { Shape = manifest.Shape with { Rank = 8 } }, "rank 2");

    [Fact]
    public async Task A_number_that_is_none_is_refused()
    {
        var broken = SmallSnapshot.Create();
        broken.Gate.Weight[1] = float.NaN;
        await RefusedAsync(manifest => manifest, "gate.weight", broken);
    }

    [Fact]
    public async Task A_tensor_of_a_wrong_shape_is_refused()
    {
        var snapshot = SmallSnapshot.Create();
        await RefusedAsync(manifest => manifest, "gate.weight",
            snapshot with { Gate = snapshot.Gate with { Experts = 1, Weight = [1, 2, 3] } }, "experts");
    }

    public void Dispose() => folder.Delete(recursive: true);

    private async Task RefusedAsync(Func<AdapterManifest, AdapterManifest> damage, string reason, Snapshot? snapshot = null,
        string? orReason = null)
    {
        var manifest = damage(await SmallSnapshot.StoreAsync(store, SnapshotParts.Write(snapshot ?? SmallSnapshot.Create()), Cancel));
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => loader.LoadAsync(manifest, Cancel));
        Assert.StartsWith("Version online-000001 of line online is refused: ", refusal.Message, StringComparison.Ordinal);
        Assert.True(
            refusal.Message.Contains(reason, StringComparison.Ordinal)
                || (orReason is not null && refusal.Message.Contains(orReason, StringComparison.Ordinal)), refusal.Message);
    }

    private static AdapterManifest With(AdapterManifest manifest, string name, Func<SnapshotPart, SnapshotPart> change) =>
        manifest with { Parts = manifest.Parts.ToDictionary(part => part.Key, part => part.Key == name ? change(part.Value) : part.Value) };
}
