namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// The checkpoint file of a fit. It is written under a temporary name and then renamed, so that an interrupted write leaves the previous
/// checkpoint.
/// </summary>
public sealed class FitFile(string path, TimeSpan every, TimeProvider time)
{
    private long saved = time.GetTimestamp();

    public string Path => path;

    /// <summary>Whether a checkpoint of an unfinished fit exists.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>Whether it is time for the next checkpoint.</summary>
    public bool IsDue => time.GetElapsedTime(saved) >= every;

    /// <summary>Loads the checkpoint to resume from.</summary>
    /// <param name="configuration">The hash of the fit's data and settings.</param>
    /// <returns>The checkpoint; null where there is none.</returns>
    /// <exception cref="InvalidDataException">The file is of a fit with other data or settings, or is damaged.</exception>
    public FitCheckpoint? Load(string configuration)
    {
        if (!File.Exists(path))
            return null;
        var checkpoint = FitCheckpoint.Parse(File.ReadAllBytes(path));
        return checkpoint.State.Configuration == configuration ? checkpoint
            : throw new InvalidDataException(
                $"{path} is the checkpoint of a fit with other data or settings: use those to resume it, or delete it to start over.");
    }

    public void Save(FitCheckpoint checkpoint)
    {
        var partial = path + ".partial";
        File.WriteAllBytes(partial, checkpoint.ToBytes());
        File.Move(partial, path, overwrite: true);
        saved = time.GetTimestamp();
    }

    /// <summary>Deletes the checkpoint of a finished fit.</summary>
    public void Delete() => File.Delete(path);
}
