using Confluent.Kafka;

namespace ILoRA.Streaming.Sequences;

/// <summary>How far the store is in a partition: all clicks before <see cref="Next"/> are applied, in this epoch of the log.</summary>
public readonly record struct Progress(int Epoch, long Next)
{
    /// <summary>
    /// Where to read on, given the group's committed offset, what the store says and the log's first and next offset. A store that lags
    /// behind the commit lost data: what it lacks is applied again, but emitted only from the commit on, since the rest was emitted then.
    /// </summary>
    public static ResumePoint Resume(long? committed, Progress? stored, long low, long high) => (committed, stored) switch
    {
        // The log is shorter than what was applied: the topic was made anew.
        (_, { } progress) when progress.Next > high => new(new(progress.Epoch + 1, low), low, low, Lost: false),
        ({ } commit, null) when commit > low => new(new(1, low), low, commit, Lost: true),
        (_, null) => new(new(1, low), low, low, Lost: false),
        ({ } commit, { } progress) when commit > progress.Next =>
            new(progress, Math.Max(low, progress.Next), commit, Lost: true),
        ({ } commit, { } progress) => new(progress, Math.Max(low, commit), low, Lost: false),
        (null, { } progress) => new(progress, low, low, Lost: false),
    };
}

/// <summary>Read from <paramref name="Start"/>; emit from <paramref name="EmitFrom"/> on.</summary>
public readonly record struct ResumePoint(Progress Progress, long Start, long EmitFrom, bool Lost);

/// <summary>
/// A batch's step in one partition: the store must be at least at <paramref name="Expected"/>, and is at <paramref name="Next"/>
/// afterwards.
/// </summary>
public readonly record struct ProgressStep(TopicPartition Partition, int Epoch, long Expected, long Next);
