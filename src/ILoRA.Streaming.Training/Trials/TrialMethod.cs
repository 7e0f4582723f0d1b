namespace ILoRA.Streaming.Training.Trials;

/// <summary>How a learner of a trial learns: which parts are trained, and with which regularisation.</summary>
public enum TrialLearner
{
    /// <summary>Nothing is trained; the counts are not updated either.</summary>
    Frozen,

    /// <summary>
    /// Encoder, head, gate and experts are trained with replay; gate and experts are pulled towards the last release. This is the trainer's
    /// default.
    /// </summary>
    Anchored,

    /// <summary>As <see cref="Anchored"/>, without the pull and without replay.</summary>
    Plain,

    /// <summary>Encoder and head are trained; gate and experts stay unchanged.</summary>
    HeadOnly,

    /// <summary>Encoder and head are trained on the backbone without LoRA.</summary>
    NoAdapter,

    /// <summary>As <see cref="Anchored"/>, with a uniform gate, which is an ordinary LoRA.</summary>
    Uniform,
}

/// <summary>The score by which a method of a trial ranks items.</summary>
public enum TrialScore
{
    /// <summary>All terms, as served.</summary>
    Served,

    /// <summary>All terms but the language model's.</summary>
    NoLanguageModel,

    /// <summary>The encoder's term alone.</summary>
    Encoder,

    /// <summary>Recent popularity.</summary>
    Popular,
}

/// <summary>A method that a trial measures: a learner and the score by which its versions rank.</summary>
/// <param name="Name">The name in reports and command-line options.</param>
/// <param name="Learner">The learner.</param>
/// <param name="Score">The score to rank by.</param>
public sealed record TrialMethod(string Name, TrialLearner Learner, TrialScore Score)
{
    /// <summary>The method that the others are compared with.</summary>
    public static TrialMethod Anchored { get; } = new("anchored", TrialLearner.Anchored, TrialScore.Served);

    public static TrialMethod Frozen { get; } = new("frozen", TrialLearner.Frozen, TrialScore.Served);

    /// <summary>The methods that are measured by default.</summary>
    public static IReadOnlyList<TrialMethod> Standard { get; } =
    [
        Anchored,
        Frozen,
        new("no-adapter", TrialLearner.NoAdapter, TrialScore.Served),
        new("encoder-frozen", TrialLearner.Frozen, TrialScore.Encoder),
        new("encoder-online", TrialLearner.Anchored, TrialScore.Encoder),
        new("head-only", TrialLearner.HeadOnly, TrialScore.Served),
        new("plain", TrialLearner.Plain, TrialScore.Served),
        new("uniform", TrialLearner.Uniform, TrialScore.Served),
    ];

    public static IReadOnlyList<TrialMethod> All { get; } =
    [
        .. Standard,
        new("no-language-model", TrialLearner.Anchored, TrialScore.NoLanguageModel),
        new("frozen-no-language-model", TrialLearner.Frozen, TrialScore.NoLanguageModel),
        new("popular", TrialLearner.Anchored, TrialScore.Popular),
    ];
}
