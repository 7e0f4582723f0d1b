using CsCheck;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Model.Snapshots;

public sealed class SnapshotPartsTests
{
    private static readonly Gen<Snapshot> Snapshots = Gen.Select(Gen.Int[0, 10_000], Gen.Int[1, 4], Gen.Int[1, 9], Gen.Int[1, 12])
        .Select((seed, experts, width, items) => RandomSnapshot.Create(seed, experts, width, items));

    [Fact]
    public void A_snapshot_is_read_back_bit_for_bit() => Snapshots.Sample(snapshot =>
    {
        var parts = SnapshotParts.Write(snapshot);
        var again = SnapshotParts.Read(Memory(parts));

        Assert.Equal(parts, SnapshotParts.Write(again));
        Assert.Equal((snapshot.Backbone, snapshot.Shape, snapshot.Scorer, snapshot.Prompt),
            (again.Backbone, again.Shape, again.Scorer, again.Prompt));
        Assert.Equal(snapshot.Items.Ids, again.Items.Ids);
        Assert.Equal(snapshot.Gate.Kind, again.Gate.Kind);
        Assert.Equal(snapshot.Gate.Weight, again.Gate.Weight);
        Assert.Equal(snapshot.Gate.Hidden?.Weight, again.Gate.Hidden?.Weight);
        Assert.Equal(snapshot.Gate.Hidden?.Bias, again.Gate.Hidden?.Bias);
        Assert.All(snapshot.Lora.Pairs, pair => Assert.Equal(pair.Value.B, again.Lora.Pairs[pair.Key].B));
        Assert.All(snapshot.Encoder.Tensors, tensor => Assert.Equal(tensor.Value, again.Encoder.Tensors[tensor.Key]));
    }, iter: 100);

    [Fact]
    public void Moving_only_the_gate_changes_only_the_gate_part() =>
        Snapshots.Where(snapshot => !snapshot.Gate.IsUniform).Sample(snapshot =>
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

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_missing_tensor_is_named(int seed)
    {
        var snapshot = RandomSnapshot.Create(seed);
        var parts = Memory(SnapshotParts.Write(snapshot));
        foreach (var part in SnapshotParts.Names)
        {
            var file = SafetensorsFile.Parse(parts[part], part);
            // A missing weight of a term of the score is read as 0 (HeadTensorsTests).
            foreach (var missing in file.Names.Where(
                name => !file.IsBytes(name) && !name.StartsWith("head.weight.", StringComparison.Ordinal)
                && (name != "gate.weight" || snapshot.Gate.Kind == GateKind.Mlp)))
            {
                var rest = file.Names.Where(name => name != missing && !file.IsBytes(name)).Select(file.Read);
                var blobs = file.Names.Where(file.IsBytes).ToDictionary(name => name, file.ReadBytes);
                var broken =
                    new Dictionary<string, ReadOnlyMemory<byte>>(parts) { [part] = SafetensorsWriter.Write(rest, file.Metadata, blobs) };
                var error = Assert.Throws<InvalidDataException>(() => SnapshotParts.Read(broken));
                Assert.Contains($"'{missing}'", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("gate.weight", new[] { 2, 3 }, "[2, 3], expected [2, 4]")]
    [InlineData("gate.hidden.weight", new[] { 3, 4 }, "[3, 4], expected [4, 4]")]
    [InlineData("gate.hidden.bias", new[] { 5 }, "[5], expected [4]")]
    public void A_gates_tensor_of_a_wrong_shape_is_refused_by_name_and_with_the_remedy(string name, int[] shape, string shapes)
    {
        var parts = Memory(SnapshotParts.Write(RandomSnapshot.Create(3)));
        var file = SafetensorsFile.Parse(parts["gate"], "gate");
        var wrong = new Tensor(name, shape, new float[shape.Aggregate(1, (product, size) => product * size)]);
        parts["gate"] = SafetensorsWriter.Write(file.Names.Select(tensor => tensor == name ? wrong : file.Read(tensor)), file.Metadata);

        var error = Assert.Throws<InvalidDataException>(() => SnapshotParts.Read(parts));

        Assert.Equal($"part 'gate': tensor '{name}' is {shapes}; retrain or roll back.", error.Message);
    }

    /// <summary>The shipped version was written before gates with a hidden layer existed.</summary>
    [Fact]
    public void The_bytes_of_a_linear_gate_have_not_changed()
    {
        var folder = Repository.PathOf("src", "ILoRA.Streaming.Local", "Sample", "snapshot");
        var snapshot = SnapshotFolder.Load(folder);
        Assert.Equal(GateKind.Linear, snapshot.Gate.Kind);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "gate.safetensors")), SnapshotParts.Write(snapshot)["gate"]);
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
