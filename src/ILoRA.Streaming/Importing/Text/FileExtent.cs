namespace ILoRA.Streaming.Importing.Text;

/// <summary>A file as long as it was when its reading began: what is appended later is in no pass over it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">Its length then, as it is stored.</param>
public sealed record FileExtent(string Path, long Bytes)
{
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Of the file as it is now.</summary>
    /// <exception cref="InvalidDataException">It is a folder or a pipe.</exception>
    public static FileExtent Of(string path)
    {
        if (Directory.Exists(path))
            throw new InvalidDataException($"{path}: is a folder; give the file itself.");
        using var file = File.OpenRead(path);
        // Files are read several times.
        return file.CanSeek ? new(path, file.Length) : throw new InvalidDataException($"{path}: is a pipe; write it to a file first.");
    }
}
