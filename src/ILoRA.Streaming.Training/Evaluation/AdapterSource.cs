using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Fits;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>An adapter's folder, as a snapshot.</summary>
public static class AdapterSource
{
    /// <summary>What 'fit adapter' wrote; or a PEFT folder, to which a given encoder lends sequence vectors and item rows, for the title scorer.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="backbone">That it is for.</param>
    /// <param name="titles">Of the catalogue.</param>
    /// <param name="encoder">The given encoder and its items, or null.</param>
    /// <exception cref="InvalidDataException">It is neither, or a part is broken.</exception>
    public static Snapshot Open(string folder, Backbone backbone, IReadOnlyCollection<string> titles, (SasRec Encoder, ItemTable Items)? encoder)
    {
        if (File.Exists(Path.Combine(folder, SnapshotParts.Adapter + ".safetensors")))
            return SnapshotFolder.Load(folder);
        var adapter = AdapterFolder.Read(folder);
        var (sasRec, items) = encoder ?? throw new InvalidDataException($"{folder} is a PEFT folder without an encoder; give one with --encoder, for the gate reads its sequence vector.");
        var options = new AdapterFitOptions { Shape = adapter.Lora.Shape, Scorer = Scorer.Title, Prompt = adapter.Projector is null ? PromptStyle.Text : PromptStyle.Hybrid };
        var start = InitialSnapshot.Of(backbone, titles, sasRec, items, options);
        return start with
        {
            Lora = adapter.Lora,
            Gate = adapter.Gate.IsUniform ? Gate.Uniform(adapter.Gate.Experts, sasRec.Width) : adapter.Gate,
            Projector = adapter.Projector ?? start.Projector,
        };
    }
}
