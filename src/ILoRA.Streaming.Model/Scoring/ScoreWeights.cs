namespace ILoRA.Streaming.Model.Scoring;

/// <summary>What each <see cref="ScoreTerm"/> weighs; 0 where nothing is said.</summary>
public sealed class ScoreWeights : IEquatable<ScoreWeights>
{
    private readonly float[] values;   // by term

    private ScoreWeights(float[] values) => this.values = values;

    /// <summary>All terms, in the order of <see cref="ToArray"/>.</summary>
    public static IReadOnlyList<ScoreTerm> Terms { get; } = Enum.GetValues<ScoreTerm>();

    /// <summary>No term weighs anything.</summary>
    public static ScoreWeights None { get; } = new(new float[Terms.Count]);

    public float this[ScoreTerm term] => values[(int)term];

    /// <param name="values">One a term, as <see cref="ToArray"/> gives them; what follows is left out.</param>
    public static ScoreWeights Of(ReadOnlySpan<float> values) => new([.. values[..Terms.Count]]);

    /// <summary>The name of a term in files and reports.</summary>
#pragma warning disable CA1308 // names are lower case
    public static string NameOf(ScoreTerm term) => term.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    /// <summary>The same with another weight of one term.</summary>
    public ScoreWeights With(ScoreTerm term, float weight)
    {
        var changed = ToArray();
        changed[(int)term] = weight;
        return new(changed);
    }

    /// <returns>[terms]</returns>
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
