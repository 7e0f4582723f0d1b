namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>
/// Saves and loads a snapshot as a folder with one file <c>PART.safetensors</c> per part: the output of <c>fit adapter</c> and the start of
/// an adapter line.
/// </summary>
public static class SnapshotFolder
{
    public static void Save(Snapshot snapshot, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, bytes) in SnapshotParts.Write(snapshot))
            File.WriteAllBytes(PathOf(folder, name), bytes);
    }

    /// <summary>Loads a snapshot.</summary>
    /// <exception cref="InvalidDataException">A part is missing or broken.</exception>
    public static Snapshot Load(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InvalidDataException($"{folder} is not a folder; a snapshot is a folder with {Files}.");
        string[] there = [.. SnapshotParts.Names.Where(name => File.Exists(PathOf(folder, name)))];
        if (there.Length == 0)
            throw new InvalidDataException($"{folder} holds no snapshot: none of {Files} is there; 'ilora fit adapter --out' writes one.");
        return SnapshotParts.Read(
            there.ToDictionary(name => name, name => (ReadOnlyMemory<byte>)File.ReadAllBytes(PathOf(folder, name)),
                StringComparer.Ordinal));
    }

    private static string Files => string.Join(", ", SnapshotParts.Names.Select(name => name + ".safetensors"));

    private static string PathOf(string folder, string part) => Path.Combine(folder, part + ".safetensors");
}
