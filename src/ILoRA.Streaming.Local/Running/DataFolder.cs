namespace ILoRA.Streaming.Local.Running;

/// <summary>Where a run keeps its files; a temporary one is removed at the end.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly bool _temporary;

    private DataFolder(string path, bool temporary)
    {
        Path = path;
        _temporary = temporary;
    }

    public string Path { get; }

    public static DataFolder Open(string? given) => given is null
        ? new DataFolder(Directory.CreateTempSubdirectory("ilora-local-").FullName, temporary: true)
        : new DataFolder(Directory.CreateDirectory(given).FullName, temporary: false);

    public void Dispose()
    {
        if (_temporary)
            Directory.Delete(Path, recursive: true);
    }
}
