using ILoRA.Streaming.Recommendations;
using ILoRA.Streaming.Sequences;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Ingest;

/// <summary>What a click led to: the sequence to emit (null = nothing) and the recommendation it is the outcome of (null = none).</summary>
public readonly record struct AppliedClick(ReceivedClick Click, Appended How, Sequence? Emit, LastRecommendation? Outcome);

/// <summary>
/// Applies a batch of clicks to their users' sequences: read, fold, write. Users whose sequence another writer changed meanwhile are
/// retried.
/// </summary>
public sealed class SequenceApply(SequenceStore store, IOptions<SequenceOptions> options)
{
    private readonly int capacity = options.Value.Capacity;

    /// <summary>Results in the order of <paramref name="clicks"/>, which within a user is the log's.</summary>
    /// <exception cref="StateLostException">the store holds less than what was applied; nothing was written</exception>
    public async Task<AppliedClick[]> ApplyAsync(IReadOnlyList<ReceivedClick> clicks, IReadOnlyList<ProgressStep> steps)
    {
        var applied = new AppliedClick[clicks.Count];
        var left = ByUser(clicks);
        do
        {
            string[] users = [.. left.Keys];
            var stored = users.Length == 0 ? [] : await store.ReadAsync(users);
            var writes = new List<SequenceWrite>(users.Length);
            for (var i = 0; i < users.Length; i++)
            {
                var next = Fold(stored[i], clicks, left[users[i]], applied);
                if (!ReferenceEquals(next, stored[i].Sequence))
                    writes.Add(new(users[i], stored[i].Sequence, next));
            }
            var refused = await store.WriteAsync(writes, steps);
            left = refused.ToDictionary(i => writes[i].User, i => left[writes[i].User], StringComparer.Ordinal);
            steps = [];
        }
        while (left.Count > 0);
        return applied;
    }

    private static Dictionary<string, List<int>> ByUser(IReadOnlyList<ReceivedClick> clicks)
    {
        var users = new Dictionary<string, List<int>>(clicks.Count, StringComparer.Ordinal);
        for (var i = 0; i < clicks.Count; i++)
        {
            var user = clicks[i].Event.User.Value;
            if (!users.TryGetValue(user, out var own))
                users[user] = own = new(1);
            own.Add(i);
        }
        return users;
    }

    private Sequence Fold(StoredUser stored, IReadOnlyList<ReceivedClick> clicks, List<int> own, AppliedClick[] applied)
    {
        var sequence = stored.Sequence;
        var last = LastRecommendation.Read(stored.Recommendation);
        foreach (var i in own)
        {
            var click = clicks[i];
            var (next, how) = sequence.Append(click.Click, capacity);
            var emit = how switch { Appended.New or Appended.Late => next, Appended.Before => sequence.Again(click.Click), _ => null };
            var outcome = emit is not null && last is not null && IsOutcome(last, sequence, click, how) ? last : null;
            sequence = outcome is not null && how != Appended.Before ? next.Join(outcome.Code, click.Click.Position.Offset) : next;
            applied[i] = new(click, how, emit, outcome);
        }
        return sequence;
    }

    /// <summary>
    /// The first click after a recommendation is its outcome, and a redelivery of that same click is so again while that recommendation is
    /// the user's last. Any other redelivered click may be known to the list already (it was answered before), so it is the outcome of
    /// none. A late click was made before a click that the list already answers, so it is the list's outcome only where it says so.
    /// </summary>
    private static bool IsOutcome(LastRecommendation last, Sequence before, in ReceivedClick click, Appended how)
    {
        var joined = before.Joined;
        return joined.Recommendation == last.Code
            ? joined.Offset == click.Click.Position.Offset
            : how != Appended.Before && (click.Event.Recommendation is { } answers ? answers == last.Event.Id : how == Appended.New);
    }
}
