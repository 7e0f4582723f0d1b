namespace ILoRA.Streaming.Configuration;

/// <summary>Checks a folder that a program is going to write to before the work begins.</summary>
public static class WritableFolder
{
    /// <summary>
    /// Writes a file that is removed again to the folder or, where it does not exist yet, to the one that it would be made in.
    /// </summary>
    /// <returns>Null where that succeeded, else the reason and the remedy.</returns>
    public static string? Mistake(string folder)
    {
        var existing = Path.GetFullPath(folder);
        while (!Path.Exists(existing))
            existing = Path.GetDirectoryName(existing)!;
        try
        {
            var probe = Path.Combine(existing, $".{Guid.NewGuid():n}");
            using var file =
                new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            var reason = Directory.Exists(existing) ? refused.Message.TrimEnd('.') : $"{existing} is no folder";
            return $"'{folder}' cannot be written ({reason}); name another folder";
        }
    }
}
