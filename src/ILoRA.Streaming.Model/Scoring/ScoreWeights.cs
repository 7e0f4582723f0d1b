namespace ILoRA.Streaming.Model.Scoring;

/// <summary>The weight of each <see cref="ScoreTerm"/> in the head scorer's sum; immutable.</summary>
public sealed class ScoreWeights : IEquatable<ScoreWeights>
{
    private readonly float[] values;   // [terms]

    private ScoreWeights(float[] values) => this.values = values;

    /// <summary>All terms, in the order of <see cref="ToArray"/>.</summary>
    public static IReadOnlyList<ScoreTerm> Terms { get; } = Enum.GetValues<ScoreTerm>();

    /// <summary>All weights 0.</summary>
    public static ScoreWeights None { get; } = new(new float[Terms.Count]);

    public float this[ScoreTerm term] => values[(int)term];

    /// <summary>Weights from an array.</summary>
    /// <param name="values">[terms] or longer, in the order of <see cref="Terms"/>; further values are ignored.</param>
    public static ScoreWeights Of(ReadOnlySpan<float> values) => new([.. values[..Terms.Count]]);

    /// <summary>The name of a term in snapshots and reports. Published snapshots contain these names, so they must not change.</summary>
    public static string NameOf(ScoreTerm term) => term switch
    {
        ScoreTerm.Encoder => "encoder",
        ScoreTerm.Popularity => "popularity",
        ScoreTerm.New => "new",
        ScoreTerm.Repeat => "repeat",
        ScoreTerm.TitleSimilarity => "similar",
        ScoreTerm.CoOccurrence => "together",
        _ => throw new ArgumentOutOfRangeException(nameof(term), term, "The term has no name in snapshots; give it one here."),
    };

    /// <summary>A copy with the weight of one term replaced.</summary>
    public ScoreWeights With(ScoreTerm term, float weight)
    {
        var changed = ToArray();
        changed[(int)term] = weight;
        return new(changed);
    }

    /// <summary>The weights as an array.</summary>
    /// <returns>[terms], in the order of <see cref="Terms"/>.</returns>
    public float[] ToArray() => [.. values];

    public bool Equals(ScoreWeights? other) => other is not null && values.AsSpan().SequenceEqual(other.values);

    public override bool Equals(object? obj) => Equals(obj as ScoreWeights);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in values)
            hash.Add(value);
        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(", ", Terms.Select(term => $"{NameOf(term)} {this[term]}"));
}
