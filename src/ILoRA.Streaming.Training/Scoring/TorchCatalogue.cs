using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Scoring;

/// <summary>A growing catalogue with title vectors on the device: items have indices in the order in which they were added.</summary>
public sealed class TorchCatalogue(Backbone backbone, Device device) : IDisposable
{
    private readonly Dictionary<string, int> index = new(StringComparer.Ordinal);
    private readonly List<string> ids = [];
    private readonly List<string?> titles = [];
    private Tensor table = zeros(1024, backbone.Config.Hidden, device: device).DetachFromDisposeScope();

    /// <summary>Creates a catalogue of items with titles.</summary>
    /// <param name="backbone">Computes the title vectors.</param>
    /// <param name="device">The device of the title vectors.</param>
    /// <param name="titles">The titles by item id.</param>
    public static TorchCatalogue Of(Backbone backbone, Device device, IEnumerable<KeyValuePair<string, string>> titles)
    {
        var table = new TorchCatalogue(backbone, device);
        foreach (var (item, title) in titles)
            table.Set(item, title);
        return table;
    }

    public int Count => ids.Count;

    public IReadOnlyList<string> Ids => ids;

    /// <summary>The text that names the item in prompts: its title, or its id where it has no title.</summary>
    public string TitleOf(string item) => index.TryGetValue(item, out var at) ? titles[at] ?? item : item;

    public bool HasTitle(string item) => index.TryGetValue(item, out var at) && titles[at] is not null;

    /// <summary>The item's index, or -1.</summary>
    public int IndexOf(string item) => index.TryGetValue(item, out var at) ? at : -1;

    /// <summary>
    /// Adds an item without a title, unless it exists. Its title vector is zero, as in serving, so its title similarities are zero.
    /// </summary>
    /// <returns>The item's index.</returns>
    public int Add(string item)
    {
        if (index.TryGetValue(item, out var at))
            return at;
        index[item] = at = ids.Count;
        ids.Add(item);
        titles.Add(null);
        Reserve(ids.Count);
        return at;
    }

    /// <summary>Sets an item's title, and adds the item where it does not exist.</summary>
    public void Set(string item, string title)
    {
        var at = Add(item);
        if (titles[at] == title)
            return;
        titles[at] = title;
        using var scope = NewDisposeScope();
        table[at].copy_(tensor(TitleVectors.Of(backbone, title)));
    }

    /// <summary>The title vectors of all items.</summary>
    /// <returns>[M, H], a view.</returns>
    public Tensor Vectors() => table.narrow(0, 0, Count);

    /// <summary>The items with the most similar titles.</summary>
    /// <param name="item">An item of the catalogue.</param>
    /// <param name="among">By index: whether an item may be chosen.</param>
    /// <param name="count">The maximum number of items.</param>
    /// <returns>
    /// Indices, and weights as the softmax of ten times the cosine similarity; null where there is none, or the item has no title.
    /// </returns>
    public (long[] Places, Tensor Weights)? Nearest(string item, IReadOnlyList<bool> among, int count)
    {
        var places =
            Enumerable.Range(0, Count).Where(place => among[place] && titles[place] is not null).Select(place => (long)place).ToArray();
        if (places.Length == 0 || titles[IndexOf(item)] is null)
            return null;
        var vectors = table.index_select(0, tensor(places, device: device));
        var cosines = vectors.matmul(table[IndexOf(item)]).Times(1.0 / table.shape[1]);       // title vectors have a root mean square of 1
        var (best, index) = cosines.topk(Math.Min(count, places.Length));
        return ([.. index.cpu().data<long>().ToArray().Select(at => places[at])], best.Times(10).softmax(0));
    }

    private void Reserve(int count)
    {
        if (count <= table.shape[0])
            return;
        using var scope = NewDisposeScope();
        var longer = cat([table, zeros_like(table)], 0).DetachFromDisposeScope();
        table.Dispose();
        table = longer;
    }

    public void Dispose() => table.Dispose();
}
