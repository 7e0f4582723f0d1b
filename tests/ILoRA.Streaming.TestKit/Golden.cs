using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.TestKit;

/// <summary>
/// Golden vectors: expected values of an independent double-precision reference, some in <c>tests/golden</c>, the others in the shared
/// folder beside the repository.
/// </summary>
public static class Golden
{
    public const string Missing = "the shared golden vectors are not beside the repository (set ILORA_SHARED)";

    /// <summary>A folder of golden vectors in the repository.</summary>
    public static string Own(string name) => Repository.PathOf("tests", "golden", name);

    /// <summary>A file or folder in the shared folder; null without a shared folder.</summary>
    public static string? Shared(params ReadOnlySpan<string> parts) =>
        Repository.Shared is { } root ? Path.Combine([root, .. parts]) : null;

    /// <summary>A folder of golden vectors in the repository, else in the shared folder; null without a shared folder.</summary>
    public static string? Find(string name) => Directory.Exists(Own(name)) ? Own(name) : Shared("golden", name);

    /// <summary>SmolLM2-135M-Instruct as a GGUF file, or null.</summary>
    public static string? SmolLm2 => Shared("models", "SmolLM2-135M-Instruct.Q4_1.gguf") is { } file && File.Exists(file) ? file : null;

    public static SafetensorsFile Expected(string folder) => SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors"));

    /// <summary>The largest absolute difference.</summary>
    public static double Difference(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        if (actual.Length != expected.Length)
            throw new ArgumentException($"{actual.Length} values against {expected.Length} expected.", nameof(actual));
        double worst = 0;
        for (var i = 0; i < actual.Length; i++)
            worst = Math.Max(worst, double.IsNaN(actual[i]) ? double.PositiveInfinity : Math.Abs(actual[i] - expected[i]));
        return worst;
    }

    /// <summary>The largest absolute difference.</summary>
    public static double Difference(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected)
    {
        var wide = new double[actual.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(actual, wide);
        return Difference(wide, expected);
    }
}
