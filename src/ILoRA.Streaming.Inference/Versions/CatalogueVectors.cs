using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Inference.Versions;

/// <summary>One version's item vectors of a catalogue that grows while the version is served: only what is new or renamed is computed again.</summary>
internal sealed class CatalogueVectors(Snapshot snapshot, TitleTable titles)
{
    private readonly Lock growing = new();
    private CoveredCatalogue covered = new(Catalogue.Empty, []);

    /// <summary>The catalogue with its vectors; a newer one than asked for where that is already covered.</summary>
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

/// <summary>A catalogue and one version's vectors of its items, by place.</summary>
internal sealed record CoveredCatalogue(Catalogue Catalogue, ItemVector[] Vectors);
