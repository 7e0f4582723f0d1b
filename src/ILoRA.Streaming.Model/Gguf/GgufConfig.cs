using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Model.Gguf;

/// <summary>Reads a backbone's configuration from the metadata of a GGUF file.</summary>
internal static class GgufConfig
{
    private const string RopeFactors = "rope_freqs.weight";

    /// <exception cref="InvalidDataException">Something is missing, inconsistent or not supported.</exception>
    public static BackboneConfig Read(GgufFile file)
    {
        var metadata = file.Metadata;
        var architecture = metadata.Text("general.architecture");
        var family = BackboneFamily.OfGguf(architecture, file.Source);
        if (metadata.Integer($"{architecture}.expert_count", 0) > 0)
            throw new InvalidDataException(
                $"{file.Source}: a mixture of {metadata.Integer($"{architecture}.expert_count")} feed-forward experts is not supported; "
                    + "supported: dense models.");
        int hidden = Number("embedding_length"), heads = Number("attention.head_count");
        var size = Number("attention.key_length", heads > 0 ? hidden / heads : 0);
        if (Number("attention.value_length", size) != size || Number("rope.dimension_count", size) != size)
            throw new InvalidDataException(
                $"{file.Source}: keys of {size}, values of {Number("attention.value_length", size)} "
                    + $"and {Number("rope.dimension_count", size)} rotated dimensions are not supported; supported: all the same.");
        var config = new BackboneConfig
        {
            Family = family.Name,
            Layers = Number("block_count"),
            Hidden = hidden,
            Heads = heads,
            KvHeads = Number("attention.head_count_kv", heads),
            HeadSize = size,
            FeedForward = Number("feed_forward_length"),
            Vocabulary = file.Shape("token_embd.weight")[0],
            MaxPositions = BackboneConfigFile.Positions(Number("context_length"), Number("attention.sliding_window", 0)),
            NormEpsilon = (float)metadata.Number($"{architecture}.attention.layer_norm_rms_epsilon"),
            RopeTheta = metadata.Number($"{architecture}.rope.freq_base", 10_000),
            RopeScaling = Scaling(file, architecture, size),
            Tied = !file.Contains("output.weight"),
        };
        return BackboneConfigFile.Checked(config, file.Source);

        int Number(string name, int? otherwise = null) => metadata.Integer($"{architecture}.{name}", otherwise);
    }

    private static RopeScaling? Scaling(GgufFile file, string architecture, int size)
    {
        var type = file.Metadata.Text($"{architecture}.rope.scaling.type", "none");
        if (type != "none" && file.Metadata.Number($"{architecture}.rope.scaling.factor", 1) is not 1)
            throw new InvalidDataException(
                $"{file.Source}: rope scaling of type '{type}' is not supported; supported: none, and Llama 3's as {RopeFactors}.");
        return file.Contains(RopeFactors) ? Llama3(file, file.Metadata.Number($"{architecture}.rope.freq_base", 10_000), size) : null;
    }

    // GGUF stores only the divisor of each frequency. They must be those of Llama 3's settings (factors 1 and 4, 8,192 positions) with the
    // largest divisor as the factor.
    private static RopeScaling Llama3(GgufFile file, double theta, int size)
    {
        var divisors = file.Read(RopeFactors).Values;
        var scaling = new RopeScaling(divisors.Max(), 1, 4, 8192);
        for (var i = 0; i < size / 2; i++)
        {
            var frequency = Math.Pow(theta, -2.0 * i / size);
            if (divisors.Length != size / 2 || !(Math.Abs(frequency / RopeTable.Scaled(frequency, scaling) / divisors[i] - 1) < 1e-4))
                throw new InvalidDataException(
                    $"{file.Source}: {RopeFactors} is not Llama 3's scaling; supported: factors 1 and 4 over 8192 positions.");
        }
        return scaling;
    }
}
