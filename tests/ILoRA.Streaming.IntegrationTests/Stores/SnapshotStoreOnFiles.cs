using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.IntegrationTests.Stores;

public sealed class SnapshotStoreOnFiles : SnapshotStoreContract, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-parts-");

    protected override ISnapshotStore Store => new FileSnapshotStore(folder.FullName);

    protected override Task OverwriteAsync(SnapshotPart part, byte[] bytes) =>
        File.WriteAllBytesAsync(Path.Combine(folder.FullName, part.Sha256[..2], part.Sha256), bytes, TestContext.Current.CancellationToken);

    [Fact]
    public async Task Nothing_but_the_part_is_left_in_the_folder()
    {
        await Store.PutAsync(Bytes(10), TestContext.Current.CancellationToken);
        Assert.Single(folder.GetFiles("*", SearchOption.AllDirectories));
    }

    public void Dispose() => folder.Delete(recursive: true);
}
