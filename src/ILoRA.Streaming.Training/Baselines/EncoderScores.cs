using ILoRA.Streaming.Model.Encoders;

namespace ILoRA.Streaming.Training.Baselines;

/// <summary>Scores all items of a catalogue by the logits of a sequence encoder.</summary>
public sealed class EncoderScores
{
    private readonly SasRec encoder;
    private readonly int[] rows;

    /// <param name="encoder">The encoder.</param>
    /// <param name="rows">[M], the encoder's row of each item, -1 where it has none.</param>
    public EncoderScores(SasRec encoder, int[] rows) => (this.encoder, this.rows) = (encoder, rows);

    /// <summary>The scores of all items after a history.</summary>
    /// <returns>[M]; items without a row get a score below all others.</returns>
    public float[] Scores(int[] history)
    {
        var logits = encoder.Logits(encoder.Encode([.. history.Select(item => rows[item]).Where(row => row >= 0)]));
        var floor = logits.Min() - 1;
        return Array.ConvertAll(rows, row => row >= 0 ? logits[row] : floor);
    }
}
