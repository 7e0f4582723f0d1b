using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Configuration;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Training.Worker;

/// <summary>The trainer writes what other workers only read: a folder of snapshots must be writable before it learns for minutes.</summary>
public sealed class WritableSnapshots : IValidateOptions<SnapshotOptions>
{
    public ValidateOptionsResult Validate(string? name, SnapshotOptions options) =>
        options.Store == SnapshotStoreKind.Files && WritableFolder.Mistake(options.Folder) is { } mistake
            ? ValidateOptionsResult.Fail($"{SnapshotOptions.Section}:{nameof(options.Folder)} {mistake}.")
            : ValidateOptionsResult.Success;
}
