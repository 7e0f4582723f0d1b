using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class PromptWindowsTests
{
    private static readonly IReadOnlyList<string>[] Sequences = [.. Enumerable.Range(0, 30)
        .Select(user => (IReadOnlyList<string>)[.. Enumerable.Range(0, 2 + user).Select(at => $"{user}.{at}")])];

    private static PromptWindows Windows(int budget = 40) => new(Sequences, sample => 3 * sample.History.Count, budget);

    [Fact]
    public void Every_item_but_the_first_is_a_target_once_per_epoch() => Assert.All(Enumerable.Range(0, 3), epoch =>
    {
        var seen =
            Windows().Epoch(epoch, 1).SelectMany(batch => batch).SelectMany(sample => sample.History.Skip(1).Append(sample.Target))
                .ToList();
        // Windows are consecutive: the target of one is the first history item of the next.
        Assert.Equal(Sequences.SelectMany(sequence => sequence.Skip(1)).Order(StringComparer.Ordinal),
            seen.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(seen.Count, seen.Distinct().Count());
    });

    [Fact]
    public void A_batch_stays_within_the_token_budget_with_prompts_of_similar_length()
    {
        Assert.All(Windows().Epoch(1, 1), batch =>
        {
            Assert.True(batch.Length == 1 || batch.Length * 3 * batch.Max(sample => sample.History.Count) <= 40);
            Assert.All(batch, sample => Assert.InRange(sample.History.Count, 1, 10));
        });
        Assert.True(Windows(budget: 400).Epoch(0, 1).Count < Windows(budget: 40).Epoch(0, 1).Count / 4);
    }

    [Fact]
    public void Batches_from_a_step_on_continue_the_series()
    {
        var whole = Windows().From(0, seed: 4).Take(200).Select(Key).ToArray();
        Assert.Equal(whole[117..], Windows().From(117, seed: 4).Take(83).Select(Key));
        Assert.NotEqual(whole, Windows().From(0, seed: 5).Take(200).Select(Key));

        static string Key(Sample[] batch) => string.Join(' ', batch.Select(sample => sample.Target));
    }

    [Fact]
    public void Without_samples_there_are_no_batches() => Assert.Empty(new PromptWindows([["a"]], _ => 1, 10).From(0, 1));
}
