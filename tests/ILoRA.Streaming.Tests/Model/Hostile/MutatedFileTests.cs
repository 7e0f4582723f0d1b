using System.Globalization;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Tests.Model.Gguf;
using ILoRA.Streaming.Tests.Model.Snapshots;

namespace ILoRA.Streaming.Tests.Model.Hostile;

/// <summary>
/// Tests that a damaged file is either read or refused by InvalidDataException within a second, without another exception and without large
/// managed or native allocations. <c>ILORA_FUZZ</c> overrides the number of damaged files per test.
/// </summary>
[Collection(ProcessMemoryCollection.Name)]
public sealed class MutatedFileTests
{
    // The largest file has 170 KB; a parsed JSON document and the tables built from it need a multiple of that.
    private const long MaxAllocated = 16 << 20;

    /// <summary>The limit, in bytes, of the growth of the process while it reads damaged files.</summary>
    internal const long MaxGrowth = 256 << 20;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    [Fact]
    public void Damaged_safetensors_are_refused_or_read()
    {
        var bytes = File.ReadAllBytes(Path.Combine(Golden.Own("ilora-llama"), "ilora.safetensors"));
        Check(2000, bytes, damaged =>
        {
            var file = SafetensorsFile.Parse(damaged, "test");
            foreach (var name in file.Names)
                file.Read(name);
        });
    }

    [Fact]
    public void Damaged_snapshot_parts_are_refused_or_read()
    {
        var parts = SnapshotParts.Write(RandomSnapshot.Create(4)).ToDictionary(part => part.Key, part => (ReadOnlyMemory<byte>)part.Value);
        foreach (var part in SnapshotParts.Names)
            Check(500, parts[part].ToArray(),
                damaged => SnapshotParts.Read(new Dictionary<string, ReadOnlyMemory<byte>>(parts) { [part] = damaged }));
    }

    [Theory]
    [InlineData("config.json", 2000)]
    [InlineData("tokenizer.json", 1000)]
    [InlineData("tokenizer.model", 2000)]
    [InlineData("model.safetensors", 1000)]
    [InlineData("model.safetensors.index.json", 2000)]
    public void Damaged_backbones_are_refused_or_read(string file, int times)
    {
        using var folder = new BackboneCopy();
        if (file == "model.safetensors.index.json")
            folder.Shard();
        if (file == "tokenizer.model")
            folder.UseSentencePiece();
        var path = Path.Combine(folder.Path, file);
        Check(times, File.ReadAllBytes(path), damaged =>
        {
            Overwrite(path, damaged);
            Use(Backbone.Load(folder.Path));
        });
    }

    [Fact]
    public void Damaged_GGUF_files_are_refused_or_read()
    {
        var whole =
            GgufBuilder.Of(Backbone.Load(Golden.Own("llama")), File.ReadAllText(Path.Combine(Golden.Own("llama"), "tokenizer.json")))
                .Build();
        var folder = Directory.CreateTempSubdirectory("gguf").FullName;
        try
        {
            var path = Path.Combine(folder, "model.gguf");
            Check(2000, whole, damaged =>
            {
                Overwrite(path, damaged);
                Use(Backbone.Load(path));
            });
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Theory]
    [InlineData("adapter_config.json", 1000)]
    [InlineData("adapter_model.safetensors", 400)]
    [InlineData("ilora.safetensors", 400)]
    public void Damaged_adapters_are_refused_or_read(string file, int times)
    {
        var folder = Directory.CreateTempSubdirectory("adapter").FullName;
        try
        {
            foreach (var name in (string[])["adapter_config.json", "adapter_model.safetensors", "ilora.safetensors"])
                File.Copy(Path.Combine(Golden.Own("ilora-llama"), name), Path.Combine(folder, name));
            var path = Path.Combine(folder, file);
            Check(times, File.ReadAllBytes(path), damaged =>
            {
                Overwrite(path, damaged);
                AdapterFolder.Read(folder);
            });
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static void Use(Backbone backbone)
    {
        RopeTable.Cos(backbone.Config);
        backbone.Tokenizer.Decode(backbone.Tokenizer.Encode("Café 12 <|item|> x"));
        _ = backbone.Linear(backbone.Config.Layers - 1, LoraTarget.Q);
    }

    private static void Check(int usual, byte[] whole, Action<byte[]> read)
    {
        read(whole);
        var times =
            int.TryParse(Environment.GetEnvironmentVariable("ILORA_FUZZ"), CultureInfo.InvariantCulture, out var asked) ? asked : usual;
        var (refused, all) = (0, new PeakMemory());
        for (var seed = 0; seed < times; seed++)
        {
            var damaged = Mutation.Of(whole, new Random(seed));
            // Measured for each file separately, so that garbage of earlier files is not counted.
            var peak = new PeakMemory();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Timed(read, damaged, out var took);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            // On a busy machine a thread can be suspended for a second, so a slow run is repeated once.
            if (took > MaxTime)
                Timed(read, damaged, out took);

            Assert.True(took <= MaxTime, $"seed {seed}: took {took}");
            Assert.True(error is null or InvalidDataException, $"seed {seed}: {error}");
            Assert.True(allocated < MaxAllocated, $"seed {seed}: {allocated} bytes allocated for a file of {damaged.Length}");
            Assert.True(peak.Growth < MaxGrowth, $"seed {seed}: the process grew by {peak.Growth} bytes for a file of {damaged.Length}");
            refused += error is null ? 0 : 1;
        }
        GC.Collect();
        Assert.True(all.Held < MaxGrowth, $"the process kept {all.Held} bytes of {times} files");
        Assert.InRange(refused, times / 4, times);
    }

    private static Exception? Timed(Action<byte[]> read, byte[] damaged, out TimeSpan took)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var error = Record.Exception(() => read(damaged));
        took = TimeProvider.System.GetElapsedTime(begun);
        return error;
    }

    // A new file rather than new content, since the previous one can still be open.
    private static void Overwrite(string path, byte[] bytes)
    {
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }
}
