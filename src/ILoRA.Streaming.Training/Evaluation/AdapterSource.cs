using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Fits;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>Loads an adapter's folder as a snapshot.</summary>
public static class AdapterSource
{
    /// <summary>
    /// Loads a folder that 'fit adapter' wrote, or a PEFT folder together with an encoder; the latter is loaded for the title scorer, and
    /// the encoder gives sequence vectors and item rows.
    /// </summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <param name="backbone">The adapter's backbone.</param>
    /// <param name="titles">The titles of the catalogue.</param>
    /// <param name="encoder">The encoder and its items for a PEFT folder, or null.</param>
    /// <exception cref="InvalidDataException">The folder is neither of both, or a part is invalid.</exception>
    public static Snapshot Open(string folder, Backbone backbone, IReadOnlyCollection<string> titles,
        (SasRec Encoder, ItemTable Items)? encoder)
    {
        if (File.Exists(Path.Combine(folder, SnapshotParts.Adapter + ".safetensors")))
            return SnapshotFolder.Load(folder);
        var adapter = AdapterFolder.Read(folder);
        var (sasRec, items) =
            encoder ?? throw new InvalidDataException(
                $"{folder} is a PEFT folder without an encoder; give one with --encoder, for the gate reads its sequence vector.");
        var options =
            new AdapterFitOptions
            {
                Shape = adapter.Lora.Shape,
                Scorer = Scorer.Title,
                Prompt = adapter.Projector is null ? PromptStyle.Text : PromptStyle.Hybrid
            };
        var start = InitialSnapshot.Of(backbone, titles, sasRec, items, options);
        return start with
        {
            Lora = adapter.Lora,
            Gate = adapter.Gate.IsUniform ? Gate.Uniform(adapter.Gate.Experts, sasRec.Width) : adapter.Gate,
            Projector = adapter.Projector ?? start.Projector,
        };
    }
}
