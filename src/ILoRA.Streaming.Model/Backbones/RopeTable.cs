namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// Cosines and sines of rotary positions (arXiv 2104.09864), with Llama 3's frequency scaling: low frequencies divided by the factor, high ones
/// kept, a linear blend between. One table feeds the reference, LibTorch and the ONNX graph.
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

    /// <summary>A frequency under Llama 3's scaling.</summary>
    internal static double Scaled(double frequency, RopeScaling scaling)
    {
        // Turns of this frequency within the original context.
        var turns = scaling.OriginalMaxPositions * frequency / (2 * Math.PI);
        var keep = Math.Clamp((turns - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor), 0, 1);
        return keep * frequency + (1 - keep) * frequency / scaling.Factor;
    }
}
