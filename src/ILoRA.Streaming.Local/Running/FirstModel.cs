using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Local.Running;

/// <summary>The backbone of a run and the snapshot that it begins with.</summary>
internal sealed record FirstModel(Backbone Backbone, Snapshot Snapshot)
{
    /// <exception cref="InvalidDataException">One cannot be read, or the snapshot does not fit the backbone.</exception>
    public static FirstModel Load(LocalSettings settings)
    {
        var backbone = Backbone.Load(settings.Backbone, settings.Layers);
        var snapshot = SnapshotFolder.Load(settings.Snapshot);
        SnapshotFit.Require(snapshot, backbone);
        return new FirstModel(backbone, snapshot);
    }
}
