using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Adapters;

public sealed class AdapterRegistryTests
{
    private static readonly LineName Online = new("online");

    [Fact]
    public void The_newest_version_is_the_one_created_last_whatever_order_they_are_heard_in()
    {
        var registry =
            Of(SmallSnapshot.Manifest("online-000002", minute: 2), SmallSnapshot.Manifest("online-000001", minute: 1),
                SmallSnapshot.Manifest("frozen-000001", line: "frozen", minute: 3));
        Assert.Equal("online-000002", registry.Newest(Online)!.Version.Value);
        Assert.Equal(["online-000001", "online-000002"], registry.Versions(Online).Select(manifest => manifest.Version.Value));
        Assert.Equal(["frozen", "online"], registry.Lines.Select(line => line.Value));
    }

    [Fact]
    public void A_line_without_versions_has_no_newest() => Assert.Null(AdapterRegistry.Empty.Newest(Online));

    [Fact]
    public void Of_versions_created_at_once_the_newest_is_the_last_by_name_in_the_registry_and_in_any_list()
    {
        AdapterManifest[] manifests =
        [
            SmallSnapshot.Manifest("online-000002"), SmallSnapshot.Manifest("online-000001"),
            SmallSnapshot.Manifest("frozen-000003", line: "frozen"),
        ];

        Assert.Equal("online-000002", Of(manifests).Newest(Online)!.Version.Value);
        Assert.Equal("online-000002", AdapterRegistry.Newest(manifests, Online)!.Version.Value);
        Assert.Null(AdapterRegistry.Newest(manifests[2..], Online));
    }

    [Fact]
    public void A_manifest_heard_twice_counts_once() =>
        Assert.Equal(1, Of(SmallSnapshot.Manifest("online-000001"), SmallSnapshot.Manifest("online-000001")).Count);

    [Fact]
    public void The_next_version_follows_the_highest_number()
    {
        Assert.Equal("online-000001", AdapterRegistry.Empty.Next(Online).Value);
        Assert.Equal("online-000010",
            Of(SmallSnapshot.Manifest("online-000009", minute: 1), SmallSnapshot.Manifest("online-000003", minute: 2),
                SmallSnapshot.Manifest("frozen-000020", line: "frozen")).Next(Online).Value);
    }

    [Fact]
    public void Lineage_goes_back_across_lines_and_ends_where_it_is_not_known_or_turns_in_a_circle()
    {
        var registry = Of(
            SmallSnapshot.Manifest("online-000002", "online-000001"), SmallSnapshot.Manifest("online-000001", "frozen-000001"),
            SmallSnapshot.Manifest("frozen-000001", "gone-000001", "frozen"), SmallSnapshot.Manifest("x-000001", "x-000002", "x"),
            SmallSnapshot.Manifest("x-000002", "x-000001", "x"));
        Assert.Equal(["online-000002", "online-000001", "frozen-000001"], Lineage(registry, "online", "online-000002"));
        Assert.Equal(["x-000002", "x-000001"], Lineage(registry, "x", "x-000002"));
    }

    [Fact]
    public void An_erased_version_is_gone()
    {
        var registry = Of(SmallSnapshot.Manifest("online-000001")).Without("online/online-000001");
        Assert.Null(registry.Find(Online, new("online-000001")));
    }

    [Fact]
    public void A_part_is_unreferenced_when_only_retired_versions_name_it()
    {
        var old = SmallSnapshot.Manifest("online-000001") with { Parts = Parts("shared", "old") };
        var registry = Of(old, SmallSnapshot.Manifest("online-000002") with { Parts = Parts("shared", "new") });
        Assert.Equal(["old"], registry.Unreferenced([old]).Select(part => part.Sha256));
    }

    private static Dictionary<string, SnapshotPart> Parts(params string[] hashes) =>
        hashes.ToDictionary(hash => hash, hash => new SnapshotPart { Sha256 = hash, Bytes = 1, Location = $"file:{hash}" });

    private static IEnumerable<string> Lineage(AdapterRegistry registry, string line, string version) =>
        registry.Lineage(registry.Find(new(line), new(version))!).Select(manifest => manifest.Version.Value);

    private static AdapterRegistry Of(params AdapterManifest[] manifests) =>
        manifests.Aggregate(AdapterRegistry.Empty, (registry, manifest) => registry.With(manifest));
}
