using ILoRA.Streaming.Configuration;

namespace ILoRA.Streaming.Local.Running;

/// <summary>Where a run keeps its files; a temporary one is removed at the end.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly bool temporary;

    private DataFolder(string path, bool temporary)
    {
        Path = path;
        this.temporary = temporary;
    }

    public string Path { get; }

    /// <param name="given">The user's folder, made where it does not exist; null for a temporary one.</param>
    /// <exception cref="InvalidDataException">Nothing can be written there.</exception>
    public static DataFolder Open(string? given) => given is null
        ? new DataFolder(Directory.CreateTempSubdirectory("ilora-local-").FullName, temporary: true)
        : new DataFolder(Writable(given), temporary: false);

    private static string Writable(string given) => WritableFolder.Mistake(given) is { } mistake
        ? throw new InvalidDataException($"--data {mistake}")
        : Directory.CreateDirectory(given).FullName;

    public void Dispose()
    {
        if (temporary)
            Directory.Delete(Path, recursive: true);
    }
}
