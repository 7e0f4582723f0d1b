using System.ComponentModel.DataAnnotations;

namespace ILoRA.Streaming.Adapters;

/// <summary>Where snapshot parts rest (configuration section <c>Snapshots</c>).</summary>
public sealed class SnapshotOptions
{
    public const string Section = "Snapshots";

    /// <summary>Redis, or files in a folder that all workers see.</summary>
    public SnapshotStoreKind Store { get; set; } = SnapshotStoreKind.Redis;

    /// <summary>The folder of a file store.</summary>
    [Required, MinLength(1)]
    public string Folder { get; set; } = "snapshots";
}

/// <summary>The kinds of <see cref="ISnapshotStore"/>.</summary>
public enum SnapshotStoreKind
{
    Redis,
    Files,
}
