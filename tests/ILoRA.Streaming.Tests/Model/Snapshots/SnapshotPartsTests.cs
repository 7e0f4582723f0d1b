using CsCheck;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using Xunit;

namespace ILoRA.Streaming.Tests.Model.Snapshots;

public sealed class SnapshotPartsTests
{
    private static readonly Gen<Snapshot> Snapshots = Gen.Select(Gen.Int[0, 10_000], Gen.Int[1, 4], Gen.Int[1, 9], Gen.Int[1, 12])
        .Select((seed, experts, width, items) => RandomSnapshot.Create(seed, experts, width, items));

    [Fact]
    public void What_is_written_is_read_back_bit_for_bit() => Snapshots.Sample(snapshot =>
    {
        var parts = SnapshotParts.Write(snapshot);
        var again = SnapshotParts.Read(Memory(parts));

        Assert.Equal(parts, SnapshotParts.Write(again));
        Assert.Equal((snapshot.Backbone, snapshot.Shape, snapshot.Scorer, snapshot.Prompt), (again.Backbone, again.Shape, again.Scorer, again.Prompt));
        Assert.Equal(snapshot.Items.Ids, again.Items.Ids);
        Assert.Equal(snapshot.Gate.IsUniform, again.Gate.IsUniform);
        Assert.Equal(snapshot.Gate.Weight, again.Gate.Weight);
        Assert.All(snapshot.Lora.Pairs, pair => Assert.Equal(pair.Value.B, again.Lora.Pairs[pair.Key].B));
        Assert.All(snapshot.Encoder.Tensors, tensor => Assert.Equal(tensor.Value, again.Encoder.Tensors[tensor.Key]));
    }, iter: 100);

    [Fact]
    public void Moving_only_the_gate_changes_only_the_gate_part() => Snapshots.Where(snapshot => !snapshot.Gate.IsUniform).Sample(snapshot =>
    {
        var moved = snapshot with { Gate = snapshot.Gate with { Weight = [.. snapshot.Gate.Weight.Select(weight => weight + 0.125f)] } };
        var before = SnapshotParts.Write(snapshot);
        var after = SnapshotParts.Write(moved);

        Assert.Equal([SnapshotParts.Gate], SnapshotParts.Names.Where(name => !before[name].SequenceEqual(after[name])));
    }, iter: 50);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_number_that_is_not_finite_is_refused_by_name(float broken)
    {
        var snapshot = RandomSnapshot.Create(1);
        snapshot.Head.Item[3] = broken;

        var error = Assert.Throws<InvalidDataException>(() => SnapshotParts.Read(Memory(SnapshotParts.Write(snapshot))));

        Assert.Contains("head.item.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_part_is_named() => Assert.All(SnapshotParts.Names, name =>
    {
        var parts = Memory(SnapshotParts.Write(RandomSnapshot.Create(2)));
        parts.Remove(name);
        var error = Assert.Throws<InvalidDataException>(() => SnapshotParts.Read(parts));
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Every_missing_tensor_is_named()
    {
        var parts = Memory(SnapshotParts.Write(RandomSnapshot.Create(1)));
        foreach (var part in SnapshotParts.Names)
        {
            var file = SafetensorsFile.Parse(parts[part], part);
            foreach (var missing in file.Names.Where(name => !file.IsBytes(name) && name != "gate.weight"))
            {
                var rest = file.Names.Where(name => name != missing && !file.IsBytes(name)).Select(file.Read);
                var blobs = file.Names.Where(file.IsBytes).ToDictionary(name => name, file.ReadBytes);
                var broken = new Dictionary<string, ReadOnlyMemory<byte>>(parts) { [part] = SafetensorsWriter.Write(rest, file.Metadata, blobs) };
                var error = Assert.Throws<InvalidDataException>(() => SnapshotParts.Read(broken));
                Assert.Contains($"'{missing}'", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_folder_holds_the_same_parts()
    {
        var folder = Directory.CreateTempSubdirectory("snapshot").FullName;
        try
        {
            var snapshot = RandomSnapshot.Create(7);
            SnapshotFolder.Save(snapshot, folder);
            Assert.Equal(SnapshotParts.Write(snapshot), SnapshotParts.Write(SnapshotFolder.Load(folder)));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> Memory(IReadOnlyDictionary<string, byte[]> parts) =>
        parts.ToDictionary(part => part.Key, part => (ReadOnlyMemory<byte>)part.Value);
}
