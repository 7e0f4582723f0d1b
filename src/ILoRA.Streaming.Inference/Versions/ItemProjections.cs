using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Encoders;

namespace ILoRA.Streaming.Inference.Versions;

/// <summary>The projected item rows of one version (see <see cref="Projector"/>), computed at first use.</summary>
internal sealed class ItemProjections(Projector projector, SasRec encoder)
{
    private readonly float[]?[] projected = new float[encoder.Items][];

    /// <summary>The projection of an encoder row.</summary>
    /// <returns>[H]</returns>
    public float[] Of(int row)
    {
        // Two threads can project the same row concurrently; both get the same result.
        if (Volatile.Read(ref projected[row]) is { } known)
            return known;
        var made = projector.Project(encoder.ItemRow(row));
        Volatile.Write(ref projected[row], made);
        return made;
    }
}
