using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Inference.Versions;

/// <summary>
/// The item vectors of one version for the growing catalogue. Vectors are computed only for items that are new or have a new title.
/// </summary>
internal sealed class CatalogueVectors(Snapshot snapshot, TitleTable titles)
{
    private readonly Lock growing = new();
    private CoveredCatalogue covered = new(Catalogue.Empty, []);

    /// <summary>The vectors of the given catalogue, or of a newer one where those exist already.</summary>
    public CoveredCatalogue Of(Catalogue catalogue)
    {
        var known = Volatile.Read(ref covered);
        if (known.Catalogue.Revision >= catalogue.Revision)
            return known;
        lock (growing)
        {
            if (covered.Catalogue.Revision < catalogue.Revision)
                Volatile.Write(ref covered, Grown(covered, catalogue));
            return covered;
        }
    }

    private CoveredCatalogue Grown(CoveredCatalogue known, Catalogue catalogue)
    {
        var vectors = new ItemVector[catalogue.Count];
        for (var place = 0; place < vectors.Length; place++)
        {
            var entry = catalogue.Entries[place];
            vectors[place] = place < known.Catalogue.Count && known.Catalogue.Entries[place].Title == entry.Title
                ? known.Vectors[place]
                : ItemVector.Of(snapshot.Head, snapshot.Encoder, snapshot.Items, entry.Item.Value, titles.Vector(entry.Title));
        }
        return new CoveredCatalogue(catalogue, vectors);
    }
}

/// <summary>A catalogue and one version's vectors of its items, by catalogue index.</summary>
internal sealed record CoveredCatalogue(Catalogue Catalogue, ItemVector[] Vectors);
