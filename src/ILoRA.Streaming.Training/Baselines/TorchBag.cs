using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Training.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Baselines;

/// <summary>A <see cref="TrainedBag"/> with trainable parameters; see there for the formula.</summary>
internal sealed class TorchBag : IDisposable
{
    private readonly Tensor titles;         // t [M, H]
    private readonly Tensor? rows;          // e [M, d], zero for an item never seen
    private readonly Tensor shrinkage;      // n / (n + 5) [M, 1]
    private readonly Parameter readTitle;
    private readonly Parameter scoredTitle;
    private readonly Parameter? readRow;
    private readonly Parameter? scoredRow;
    private readonly Parameter places;
    private readonly Parameter scale;

    /// <param name="features">The items' features.</param>
    /// <param name="seen">[M], the number of occurrences of each item.</param>
    /// <param name="random">
    /// Draws the initial maps; U preserves the norm of vectors, P is as small as the score head's initial maps.
    /// </param>
    /// <param name="device">The device of the parameters.</param>
    public TorchBag(BagFeatures features, int[] seen, Random random, Device device)
    {
        var (items, hidden) = (features.Titles.Count, features.Titles[0].Length);
        titles = features.Titles.SelectMany(vector => vector).ToArray().Keep(device, items, hidden);
        shrinkage = Array.ConvertAll(seen, n => n / (n + ScoreHead.Shrinkage)).Keep(device, items, 1);
        readTitle = RandomValues.Normal(random, hidden * hidden, 1 / MathF.Sqrt(hidden)).KeepParameter(device, hidden, hidden);
        scoredTitle = RandomValues.Normal(random, hidden * hidden, 0.1f / MathF.Sqrt(hidden)).KeepParameter(device, hidden, hidden);
        places = Enumerable.Range(1, TrainedBag.Window).Select(place => 1f / place).ToArray().KeepParameter(device, TrainedBag.Window);
        scale = Enumerable.Repeat(1f, 1).ToArray().KeepParameter(device, 1);
        if (features.Rows is not { } encoder)
            return;
        var width = encoder.Width;
        rows = Sized([.. seen.SelectMany((n, item) => n > 0 ? encoder.ItemRow(item).ToArray() : new float[width])])
            .Keep(device, items, width);
        readRow = RandomValues.Normal(random, hidden * width, 1 / MathF.Sqrt(width)).KeepParameter(device, hidden, width);
        scoredRow = RandomValues.Normal(random, hidden * width, 0.1f / MathF.Sqrt(width)).KeepParameter(device, hidden, width);
    }

    private int Hidden => (int)titles.shape[1];

    /// <summary>The linear maps U and P of titles and item rows.</summary>
    public IEnumerable<(string Name, Parameter Value)> Maps() =>
        new (string Name, Parameter? Value)[] { ("read.title", readTitle), ("scored.title", scoredTitle), ("read.row", readRow),
            ("scored.row", scoredRow) }
            .Where(map => map.Value is not null).Select(map => (map.Name, map.Value!));

    /// <summary>The weights w and the scale c, which tolerate a higher learning rate than the maps.</summary>
    public IEnumerable<(string Name, Parameter Value)> Scalars() => [("places", places), ("scale", scale)];

    /// <summary>The scores of all items after every prefix of the histories.</summary>
    /// <param name="inputs">[B, L], items, oldest first.</param>
    /// <param name="dropout">The dropout probability of the mapped items.</param>
    /// <returns>[B, L, M]</returns>
    public Tensor Scores(Tensor inputs, double dropout)
    {
        var (batch, length) = (inputs.shape[0], (int)inputs.shape[1]);
        var flat = inputs.flatten();
        var read =
            nn.functional.dropout(Read(titles.index_select(0, flat), rows?.index_select(0, flat)), dropout, training: true)
                .view(batch, length, Hidden);
        return Weights(length).matmul(read).matmul(Scored().t());
    }

    public TrainedBag Export()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return new(places.Values(), Read(titles, rows).Values(), Scored().Values());
    }

    // [S, H]
    private Tensor Read(Tensor t, Tensor? e)
    {
        var read = nn.functional.linear(t, readTitle);
        return e is null ? read : read.Plus(nn.functional.linear(e, readRow!));
    }

    // [M, H]
    private Tensor Scored()
    {
        var scored = nn.functional.linear(titles, scoredTitle);
        return scale.Times(1 / Math.Sqrt(Hidden))
            * (rows is null ? scored : scored.Plus(shrinkage * nn.functional.linear(rows, scoredRow!)));
    }

    // [L, L]: w by distance; zero for later positions.
    private Tensor Weights(int length)
    {
        var back = Enumerable.Range(0, length).SelectMany(at => Enumerable.Range(0, length).Select(other => at - other)).ToArray();
        var weights =
            places.index_select(0, tensor(Array.ConvertAll(back, distance => (long)Math.Max(distance, 0)), device: places.device));
        return (weights * tensor(Array.ConvertAll(back, distance => distance >= 0 ? 1f : 0), device: places.device)).view(length, length);
    }

    // Scales to a root mean square of 1, which title vectors have.
    private static float[] Sized(float[] values)
    {
        var square = values.Average(value => (double)value * value);
        return square > 0 ? Array.ConvertAll(values, value => (float)(value / Math.Sqrt(square))) : values;
    }

    public void Dispose()
    {
        foreach (var (_, parameter) in Maps().Concat(Scalars()))
            parameter.Dispose();
        titles.Dispose();
        rows?.Dispose();
        shrinkage.Dispose();
    }
}
