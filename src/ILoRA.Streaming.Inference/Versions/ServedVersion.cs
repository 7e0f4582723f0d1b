using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Inference.Versions;

/// <summary>
/// An adapter version ready to serve: the snapshot with the tensors and vectors derived from it, which are computed when it is loaded.
/// </summary>
public sealed class ServedVersion : IDisposable
{
    private readonly BackboneSession? session;

    internal ServedVersion(AdapterVersion version, LineName line, Snapshot snapshot, BackboneSession? session, AdapterTensors adapter,
        TitleTable titles)
    {
        (Version, Line, Snapshot, this.session, Adapter, Titles) = (version, line, snapshot, session, adapter, titles);
        Vectors = new CatalogueVectors(snapshot, titles);
        Projections = new ItemProjections(snapshot.Projector, snapshot.Encoder);
        Popular = [.. Enumerable.Range(0, snapshot.Items.Ids.Count)
            .Where(row => snapshot.Items.Recent[row] > 0)
            .OrderByDescending(row => snapshot.Items.Recent[row]).ThenBy(row => row)
            .Select(row => new ItemId(snapshot.Items.Ids[row]))];
    }

    public AdapterVersion Version { get; }

    public LineName Line { get; }

    public Snapshot Snapshot { get; }

    /// <summary>The items with recent clicks as of the snapshot, most clicked first.</summary>
    public IReadOnlyList<ItemId> Popular { get; }

    internal BackboneSession Session => session
        ?? throw new InvalidOperationException($"Version {Version} has no session and cannot rank.");

    internal AdapterTensors Adapter { get; }

    internal TitleTable Titles { get; }

    internal CatalogueVectors Vectors { get; }

    internal ItemProjections Projections { get; }

    /// <summary>Prepares a version: creates the graph's inputs and the catalogue's vectors.</summary>
    /// <exception cref="InvalidDataException">The snapshot does not fit the session's graph.</exception>
    public static ServedVersion Prepare(AdapterVersion version, LineName line, Snapshot snapshot, BackboneSession session,
        TitleTable titles, Catalogue catalogue)
    {
        if (!session.Shape.Fits(snapshot.Shape))
            throw new InvalidDataException(
                $"Version {version} has rank {snapshot.Shape.Rank} on {string.Join(' ', snapshot.Shape.Targets)}, the graph "
                    + $"expects {session.Shape}; retrain, roll back, or restart the worker with this line alone.");
        var adapter = AdapterTensors.Of(session.Backbone.Config, session.Shape, snapshot.Lora);
        var served = new ServedVersion(version, line, snapshot, session, adapter, titles);
        served.Vectors.Of(catalogue);
        return served;
    }

    /// <summary>Adds a reference, to be given back by <see cref="Release"/>; false where the version is freed already.</summary>
    internal bool TryHold() => Adapter.TryHold();

    internal void Release() => Adapter.Release();

    public void Dispose() => Adapter.Dispose();
}
