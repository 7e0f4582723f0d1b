namespace ILoRA.Streaming.Configuration;

/// <summary>A configuration section and the type that it is bound to.</summary>
/// <param name="Path">Such as <c>Trainer:Learning</c>.</param>
/// <param name="Options">The type.</param>
public sealed record SettingsSection(string Path, Type Options)
{
    /// <summary>
    /// The sections of all programs. Programs may share a file or variables, so a section that this one does not read is not an error; its
    /// settings are checked by the program that reads it.
    /// </summary>
    public static IReadOnlyList<string> AllRoots { get; } =
        [StreamNamespace.Setting, "Cache", "Host", "Inference", "Ingest", "Kafka", "Logging", "Redis", "Sequences", "Snapshots", "Trainer"];

    /// <summary>The first part of <see cref="Path"/>.</summary>
    public string Root => Path.Split(':')[0];
}
