using ILoRA.Streaming.Importing;

namespace ILoRA.Streaming.Tests.Importing;

public sealed class RowSequencesTests
{
    [Fact]
    public void Positions_of_one_history_are_one_sequence()
        => Assert.Equal([["a", "b", "c"]], RowSequences.Of([Row("a"), Row("b", "a"), Row("c", "a", "b")]));

    [Fact]
    public void A_history_cut_to_its_end_goes_on()
        => Assert.Equal([["a", "b", "c", "d"]], RowSequences.Of([Row("c", "a", "b"), Row("d", "b", "c")]));

    [Fact]
    public void Another_history_begins_another_sequence()
        => Assert.Equal([["a", "b"], ["c"], ["x", "y"]], RowSequences.Of([Row("b", "a"), Row("c"), Row("y", "x")]));

    private static HistoryRow Row(string next, params string[] history) => new(0, history, next);
}
