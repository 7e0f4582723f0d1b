using System.Security.Cryptography;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>One part of two versions.</summary>
/// <param name="Part">Its name.</param>
/// <param name="A">sha256 of its bytes in one version.</param>
/// <param name="B">sha256 of its bytes in the other.</param>
/// <param name="Tensors">Its tensors of numbers, in the order of their names; those of a gate only where both versions have one of the same kind.</param>
public sealed record PartDiff(string Part, string A, string B, IReadOnlyList<TensorDiff> Tensors)
{
    public bool Equal => A == B;

    internal static PartDiff Of(string part, byte[] a, byte[] b, Func<SafetensorsFile, SafetensorsFile, IEnumerable<TensorDiff>> compare) =>
        new(part, Hash(a), Hash(b), [.. compare(SafetensorsFile.Parse(a, part), SafetensorsFile.Parse(b, part))]);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
