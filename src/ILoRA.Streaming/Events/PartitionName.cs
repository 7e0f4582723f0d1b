using System.Globalization;

namespace ILoRA.Streaming.Events;

/// <summary>A partition of a topic, written <c>topic-partition</c>: the key of an offset in manifests, checkpoints and the store.</summary>
public readonly record struct PartitionName(string Topic, int Partition)
{
    /// <summary>Reads what <see cref="ToString"/> writes; a topic's own name may hold hyphens and digits.</summary>
    public static bool TryParse(string text, out PartitionName name)
    {
        var hyphen = text.LastIndexOf('-');
        var read = int.TryParse(text.AsSpan(hyphen + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var partition) && hyphen > 0;
        name = read ? new(text[..hyphen], partition) : default;
        return read;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Topic}-{Partition}");
}
