namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// The cosines and sines of rotary position embeddings (arXiv 2104.09864). With Llama 3's scaling, low frequencies are divided by the
/// factor, high ones are kept, and those between are interpolated linearly. The reference, LibTorch and ONNX implementations all use this
/// table.
/// </summary>
public static class RopeTable
{
    /// <returns>[MaxPositions, HeadSize / 2]</returns>
    public static float[] Cos(BackboneConfig config) => Array.ConvertAll(DoubleCos(config), value => (float)value);

    /// <returns>[MaxPositions, HeadSize / 2]</returns>
    public static float[] Sin(BackboneConfig config) => Array.ConvertAll(DoubleSin(config), value => (float)value);

    /// <returns>[MaxPositions, HeadSize / 2]</returns>
    public static double[] DoubleCos(BackboneConfig config) => Table(config, Math.Cos);

    /// <returns>[MaxPositions, HeadSize / 2]</returns>
    public static double[] DoubleSin(BackboneConfig config) => Table(config, Math.Sin);

    private static double[] Table(BackboneConfig config, Func<double, double> wave)
    {
        var frequencies = Frequencies(config);
        var table = new double[checked(config.MaxPositions * frequencies.Length)];
        for (var position = 0; position < config.MaxPositions; position++)
            for (var i = 0; i < frequencies.Length; i++)
                table[position * frequencies.Length + i] = wave(position * frequencies[i]);
        return table;
    }

    private static double[] Frequencies(BackboneConfig config)
    {
        var frequencies = new double[config.HeadSize / 2];
        for (var i = 0; i < frequencies.Length; i++)
        {
            var plain = Math.Pow(config.RopeTheta, -2.0 * i / config.HeadSize);
            frequencies[i] = config.RopeScaling is { } scaling ? Scaled(plain, scaling) : plain;
        }
        return frequencies;
    }

    /// <summary>A frequency after Llama 3's scaling.</summary>
    internal static double Scaled(double frequency, RopeScaling scaling)
    {
        // The number of rotations of this frequency within the original context.
        var rotations = scaling.OriginalMaxPositions * frequency / (2 * Math.PI);
        var keep = Math.Clamp((rotations - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor), 0, 1);
        return keep * frequency + (1 - keep) * frequency / scaling.Factor;
    }
}
