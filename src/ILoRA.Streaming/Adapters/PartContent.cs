using System.Security.Cryptography;
using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Adapters;

/// <summary>The content of a part against what names it.</summary>
internal static class PartContent
{
    public static SnapshotPart Describe(ReadOnlyMemory<byte> bytes, string scheme)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        return new() { Sha256 = hash, Bytes = bytes.Length, Location = $"{scheme}:{hash}" };
    }

    /// <exception cref="InvalidDataException">The part lies in another kind of store.</exception>
    public static void RequireScheme(SnapshotPart part, string scheme)
    {
        if (!part.Location.StartsWith(scheme + ":", StringComparison.Ordinal))
            throw new InvalidDataException(
                $"Part {part.Location} does not lie in a {scheme} store, which this process reads; set Snapshots:Store to the kind that "
                    + "the trainer writes.");
    }

    /// <exception cref="InvalidDataException">The bytes are not those that the part names.</exception>
    public static byte[] Verified(SnapshotPart part, byte[] bytes)
    {
        if (bytes.LongLength != part.Bytes)
            throw new InvalidDataException(
                $"Part {part.Location} has {bytes.LongLength} bytes, the manifest says {part.Bytes}; publish the version again.");
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (hash != part.Sha256)
            throw new InvalidDataException(
                $"Part {part.Location} has sha256 {hash}, the manifest says {part.Sha256}; publish the version again.");
        return bytes;
    }

    public static MissingPartException Missing(SnapshotPart part, string where) =>
        new($"Part {part.Location} is not in {where}; publish the version again or roll back to one that is.");
}
