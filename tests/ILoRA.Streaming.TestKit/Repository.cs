namespace ILoRA.Streaming.TestKit;

/// <summary>The paths of the repository and of the shared folder beside it.</summary>
public static class Repository
{
    /// <summary>The folder of the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The shared folder (golden vectors, data, Kafka): ILORA_SHARED or ../shared; null where there is none.</summary>
    public static string? Shared { get; } = FindShared();

    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>
    /// All files of the repository without build outputs and version control, as paths relative to the root with / as separator.
    /// </summary>
    public static IEnumerable<string> Files(string pattern = "*") =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path =>
                !path.Split('/').Any(part => part is "bin" or "obj" or ".git" or ".vs" or "TestResults" or "artifacts" or "node_modules"));

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "ILoRA.Streaming.sln")))
                return folder.FullName;
        throw new InvalidOperationException(
            $"No ILoRA.Streaming.sln above {AppContext.BaseDirectory}; run the tests from a build inside the repository.");
    }

    static string? FindShared()
    {
        var folder =
            Environment.GetEnvironmentVariable("ILORA_SHARED") is { Length: > 0 } given
                ? given : Path.GetFullPath(Path.Combine(Root, "..", "shared"));
        return Directory.Exists(folder) ? folder : null;
    }
}
