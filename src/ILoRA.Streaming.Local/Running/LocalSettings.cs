using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Local.Running;

/// <summary>The command-line settings of <c>ilora-local</c>.</summary>
internal sealed record LocalSettings
{
    /// <summary>Kafka's address; null starts the embedded one.</summary>
    public string? Bootstrap { get; init; }

    /// <summary>Redis's address; null starts the embedded one.</summary>
    public string? Redis { get; init; }

    /// <summary>Put before every topic, group and key; null leaves that to the settings (<c>Namespace</c>).</summary>
    public string? Namespace { get; init; }

    /// <summary>Folder or GGUF file of the backbone.</summary>
    public required string Backbone { get; init; }

    /// <summary>Only the backbone's first layers; null takes all.</summary>
    public int? Layers { get; init; }

    /// <summary>In what the trainer's backbone computes; null leaves that to the settings (<c>Trainer:Precision</c>).</summary>
    public string? Precision { get; init; }

    /// <summary>Folder of the snapshot that is announced first.</summary>
    public required string Snapshot { get; init; }

    /// <summary>Whether a model is fitted where the catalogue is not the shipped one: no snapshot was given.</summary>
    public bool FitsWhereNeeded { get; init; }

    /// <summary>What such a fit may take.</summary>
    public TimeSpan FitBudget { get; init; } = DefaultFitBudget;

    /// <summary>The first so many clicks are not streamed: the model was fitted on them.</summary>
    public int FittedClicks { get; init; }

    public required string Items { get; init; }

    public required string Clicks { get; init; }

    /// <summary>How the file of items is to be read.</summary>
    public FileReading ItemsReading { get; init; } = FileReading.Recognised;

    /// <summary>How the file of clicks is to be read.</summary>
    public FileReading ClicksReading { get; init; } = FileReading.Recognised;

    public double ClicksPerSecond { get; init; } = DefaultClicksPerSecond;

    public int Seed { get; init; } = 1;

    /// <summary>Where Garnet, the trainer's checkpoints and the like are kept; null takes a temporary folder and removes it.</summary>
    public string? Data { get; init; }

    /// <summary>Null goes on until the clicks end and then waits for the user's own, until Ctrl-C.</summary>
    public TimeSpan? Duration { get; init; }

    public bool Json { get; init; }

    /// <summary>12,000 clicks in two minutes: what two cores learn from and serve with a reserve.</summary>
    public const double DefaultClicksPerSecond = 100;

    public static TimeSpan DefaultFitBudget { get; } = TimeSpan.FromMinutes(5);

    public const string BackboneFolder = "backbone", SnapshotFolder = "snapshot";

    /// <summary>Where the shipped sample lies beside the program.</summary>
    public static string SampleFolder { get; } = Path.Combine(AppContext.BaseDirectory, "Sample");

    /// <param name="name">A file or folder of the shipped sample.</param>
    public static string Shipped(string name) => Path.Combine(SampleFolder, name);

    /// <summary>Refuses paths that are not there, before anything is started.</summary>
    public void Check()
    {
        foreach (var (flag, file) in new[] { ("--items", Items), ("--clicks", Clicks) })
            if (!File.Exists(file))
                throw new FileNotFoundException(
                    Directory.Exists(file) ? $"{flag}: {file} is a folder; give the file itself." : $"{flag}: there is no file {file}.");
        if (!Path.Exists(Backbone))
            throw new FileNotFoundException($"--backbone: there is no folder or GGUF file {Backbone}.");
        if (!Directory.Exists(Snapshot))
            throw new DirectoryNotFoundException($"--snapshot: there is no folder {Snapshot}.");
    }
}
