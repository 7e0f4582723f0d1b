using System.Text.Json;

namespace ILoRA.Streaming.Model.Tensors;

/// <summary>Tensors in several safetensors files, found by Hugging Face's index file.</summary>
public sealed class SafetensorsShards : ITensorFile
{
    private const int MaxIndex = 64 << 20;
    private const int MaxShards = 1024;

    private readonly Dictionary<string, SafetensorsFile> places = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SafetensorsFile> shards = new(StringComparer.Ordinal);

    private SafetensorsShards(string path) => Source = path;

    public string Source { get; }

    /// <summary>The shards' paths, sorted.</summary>
    public IEnumerable<string> Files => shards.Values.Select(shard => shard.Source);

    /// <summary>Opens an index and its shards.</summary>
    /// <param name="path">The path of <c>model.safetensors.index.json</c>; the shards are in the same folder.</param>
    /// <exception cref="InvalidDataException">The index or a shard is missing, broken, or they do not belong together.</exception>
    public static SafetensorsShards Open(string path)
    {
        var index = new FileInfo(path);
        if (!index.Exists || index.Length > MaxIndex)
            throw new InvalidDataException(
                $"{path} must be an index of at most {MaxIndex} "
                    + $"bytes{(index.Exists ? $", it has {index.Length}" : ", it does not exist")}.");
        try
        {
            using var json =
                JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            var opened = new SafetensorsShards(path);
            foreach (var entry in json.RootElement.GetProperty("weight_map").EnumerateObject())
                opened.Place(entry.Name, entry.Value.GetString() ?? "");
            return opened;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"{path} is no index of shards: {error.Message}", error);
        }
    }

    public bool Contains(string name) => places.ContainsKey(name);

    public IReadOnlyList<int> Shape(string name) => Shard(name).Shape(name);

    public string Type(string name) => Shard(name).Type(name);

    public Tensor Read(string name) => Shard(name).Read(name);

    public void ReadRows(string name, int first, Span<float> into) => Shard(name).ReadRows(name, first, into);

    private void Place(string tensor, string file)
    {
        // A file name with a path could point outside the folder.
        if (file != Path.GetFileName(file) || !file.EndsWith(".safetensors", StringComparison.Ordinal)
            || file.Contains('\0', StringComparison.Ordinal))
            throw new InvalidDataException($"{Source} puts '{tensor}' into '{file}'; expected the name of a safetensors file beside it.");
        if (!shards.TryGetValue(file, out var shard))
        {
            if (shards.Count == MaxShards)
                throw new InvalidDataException($"{Source} names more than {MaxShards} shards.");
            shards[file] = shard = SafetensorsFile.Open(Path.Combine(Path.GetDirectoryName(Source) ?? "", file));
        }
        if (!shard.Contains(tensor))
            throw new InvalidDataException($"{Source} puts '{tensor}' into {file}, which does not hold it; download the model again.");
        places.Add(tensor, shard);
    }

    private SafetensorsFile Shard(string name) => places.TryGetValue(name, out var shard)
        ? shard
        : throw new InvalidDataException($"{Source}: tensor '{name}' is missing.");
}
