using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Encoders;

namespace ILoRA.Streaming.Inference.Versions;

/// <summary>One version's item rows in the language model's embedding space, projected when first asked for.</summary>
internal sealed class ItemProjections(Projector projector, SasRec encoder)
{
    private readonly float[]?[] projected = new float[encoder.Items][];

    /// <returns>[H]</returns>
    public float[] Of(int row)
    {
        // Two threads may project the same row at once; they get the same numbers.
        if (Volatile.Read(ref projected[row]) is { } known)
            return known;
        var made = projector.Project(encoder.ItemRow(row));
        Volatile.Write(ref projected[row], made);
        return made;
    }
}
