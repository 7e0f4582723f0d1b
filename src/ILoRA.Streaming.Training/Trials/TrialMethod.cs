namespace ILoRA.Streaming.Training.Trials;

/// <summary>What learns in a trial; each learner publishes versions of its own.</summary>
public enum TrialLearner
{
    /// <summary>Nothing: everything as it began, the counts too.</summary>
    Frozen,

    /// <summary>Encoder, head, gate and experts, these two held to the last release, with replay: what the trainer does.</summary>
    Anchored,

    /// <summary>The same without the hold and without replay.</summary>
    Plain,

    /// <summary>Encoder and head; gate and experts stay as they began.</summary>
    HeadOnly,

    /// <summary>Encoder and head on the language model as it came, without LoRA.</summary>
    NoAdapter,

    /// <summary>As anchored, with a uniform gate: an ordinary LoRA.</summary>
    Uniform,
}

/// <summary>Which part of a version's score ranks.</summary>
public enum TrialScore
{
    /// <summary>The whole.</summary>
    Served,

    /// <summary>Without the language model's reading of the prompt.</summary>
    NoLanguageModel,

    /// <summary>The encoder alone.</summary>
    Encoder,

    /// <summary>Recent popularity.</summary>
    Popular,
}

/// <summary>One line of a trial's report.</summary>
/// <param name="Name">As users name it.</param>
/// <param name="Learner">Whose versions rank.</param>
/// <param name="Score">By what.</param>
public sealed record TrialMethod(string Name, TrialLearner Learner, TrialScore Score)
{
    /// <summary>The line that the others are compared with.</summary>
    public static TrialMethod Anchored { get; } = new("anchored", TrialLearner.Anchored, TrialScore.Served);

    public static TrialMethod Frozen { get; } = new("frozen", TrialLearner.Frozen, TrialScore.Served);

    /// <summary>What is measured unless told otherwise.</summary>
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
