using ILoRA.Streaming.Inference.Versions;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>The loaded versions, by line and version. Not thread-safe: only the plan keeper uses it.</summary>
internal sealed class VersionCache : IDisposable
{
    private readonly Dictionary<string, ServedVersion> versions = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Keys => versions.Keys;

    public ServedVersion? Find(string key) => versions.GetValueOrDefault(key);

    public void Add(string key, ServedVersion version) => versions.Add(key, version);

    /// <summary>Disposes all other versions; one that is in use is freed when its last run ends.</summary>
    public void KeepOnly(IReadOnlyCollection<string> keys)
    {
        foreach (var key in versions.Keys.Except(keys).ToList())
        {
            versions.Remove(key, out var version);
            version!.Dispose();
        }
    }

    public void Dispose() => KeepOnly([]);
}
