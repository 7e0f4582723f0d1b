namespace ILoRA.Streaming.Training.Fits;

/// <summary>Keeps a fit's checkpoint in a file: written whole under another name and then moved, so that a kill leaves the one before.</summary>
public sealed class FitFile(string path, TimeSpan every, TimeProvider time)
{
    private long saved = time.GetTimestamp();

    public string Path => path;

    /// <summary>Whether a fit was stopped on its way.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>Whether the last one is old enough.</summary>
    public bool IsDue => time.GetElapsedTime(saved) >= every;

    /// <returns>The checkpoint to go on from; null where there is none.</returns>
    /// <param name="configuration">What the fit depends on.</param>
    /// <exception cref="InvalidDataException">The file is of another fit, or broken.</exception>
    public FitCheckpoint? Load(string configuration)
    {
        if (!File.Exists(path))
            return null;
        var checkpoint = FitCheckpoint.Parse(File.ReadAllBytes(path));
        return checkpoint.State.Configuration == configuration ? checkpoint
            : throw new InvalidDataException($"{path} is the checkpoint of a fit with other data or settings: go on with those, or delete it to begin anew.");
    }

    public void Save(FitCheckpoint checkpoint)
    {
        var partial = path + ".partial";
        File.WriteAllBytes(partial, checkpoint.ToBytes());
        File.Move(partial, path, overwrite: true);
        saved = time.GetTimestamp();
    }

    /// <summary>The fit is done.</summary>
    public void Delete() => File.Delete(path);
}
