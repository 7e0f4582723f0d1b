using ILoRA.Streaming.Inference.Versions;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>The versions that are loaded, by line and version. Used by one thread, the plan keeper's.</summary>
internal sealed class VersionCache : IDisposable
{
    private readonly Dictionary<string, ServedVersion> versions = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Keys => versions.Keys;

    public ServedVersion? Find(string key) => versions.GetValueOrDefault(key);

    public void Add(string key, ServedVersion version) => versions.Add(key, version);

    /// <summary>Lets every other version go; a run that still uses one keeps it until it ends.</summary>
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
