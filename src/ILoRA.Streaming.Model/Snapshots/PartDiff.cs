using System.Security.Cryptography;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>The difference in one part between two versions.</summary>
/// <param name="Part">The name of the part.</param>
/// <param name="A">The SHA-256 of its bytes in the first version.</param>
/// <param name="B">The SHA-256 of its bytes in the second version.</param>
/// <param name="Tensors">The differences of its numeric tensors, ordered by name; none for gates of different kinds.</param>
public sealed record PartDiff(string Part, string A, string B, IReadOnlyList<TensorDiff> Tensors)
{
    /// <summary>Whether the part has the same bytes in both versions.</summary>
    public bool Equal => A == B;

    internal static PartDiff Of(string part, byte[] a, byte[] b, Func<SafetensorsFile, SafetensorsFile, IEnumerable<TensorDiff>> compare) =>
        new(part, Hash(a), Hash(b), [.. compare(SafetensorsFile.Parse(a, part), SafetensorsFile.Parse(b, part))]);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
