namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>A snapshot's parts as files <c>NAME.safetensors</c> in one folder: how <c>fit adapter</c> leaves it and a line starts from it.</summary>
public static class SnapshotFolder
{
    public static void Save(Snapshot snapshot, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, bytes) in SnapshotParts.Write(snapshot))
            File.WriteAllBytes(PathOf(folder, name), bytes);
    }

    /// <exception cref="InvalidDataException">A part is missing or broken.</exception>
    public static Snapshot Load(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InvalidDataException($"{folder} is no folder; a snapshot is a folder with {Files}.");
        string[] there = [.. SnapshotParts.Names.Where(name => File.Exists(PathOf(folder, name)))];
        if (there.Length == 0)
            throw new InvalidDataException($"{folder} holds no snapshot: none of {Files} is there; 'ilora fit adapter --out' writes one.");
        return SnapshotParts.Read(there.ToDictionary(name => name, name => (ReadOnlyMemory<byte>)File.ReadAllBytes(PathOf(folder, name)), StringComparer.Ordinal));
    }

    private static string Files => string.Join(", ", SnapshotParts.Names.Select(name => name + ".safetensors"));

    private static string PathOf(string folder, string part) => Path.Combine(folder, part + ".safetensors");
}
