namespace ILoRA.Streaming.Kafka;

/// <summary>Compares the brokers' topics with what the workers need.</summary>
/// <param name="topics">The names.</param>
/// <param name="partitions">Told partitions of the topics keyed by user; null takes what exists.</param>
/// <param name="replicas">Told replicas; null takes what exists.</param>
public sealed class TopicComparison(Topics topics, int? partitions, int? replicas)
{
    public IReadOnlyList<TopicDifference> Differences(IReadOnlyDictionary<string, TopicState> existing)
    {
        var byUser = topics.All(1).Where(spec => spec.Content == TopicContent.ByUser && existing.ContainsKey(spec.Name));
        int[] counts = [.. byUser.Select(spec => existing[spec.Name].Partitions).Distinct()];
        // Topics that exist are what a missing one has to match.
        var wanted = partitions ?? counts.DefaultIfEmpty(Topics.DefaultPartitions).Max();
        return [.. topics.All(wanted).SelectMany(spec =>
            existing.TryGetValue(spec.Name, out var state) ? Of(spec, state, unequal: counts.Length > 1) : [new MissingTopic(spec)])];
    }

    private IEnumerable<TopicDifference> Of(TopicSpec spec, TopicState state, bool unequal)
    {
        if (spec.Content != TopicContent.Plain && state.Partitions > spec.Partitions)
            yield return new TooManyPartitions(spec, state.Partitions);
        if (state.Partitions < spec.Partitions)
            yield return new TooFewPartitions(spec.Name, state.Partitions, spec.Partitions, Vital: unequal);
        if (replicas is { } told && state.Replicas != told)
            yield return new OtherReplication(spec.Name, state.Replicas, told);
        foreach (var (setting, value) in spec.Settings)
            if (state.Settings.TryGetValue(setting, out var found) && !spec.Allows(setting, found))
                yield return new OtherSetting(spec.Name, setting, found, value, TopicSpec.IsVital(setting));
    }
}
