using System.Text;
using CsCheck;
using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Tests.Schemas;

public sealed class WriterTests
{
    [Fact]
    public void Items_as_written_match_the_schema_and_read_back_the_same() => Holds("item", EventGenerators.ItemEvent);

    [Fact]
    public void Clicks_as_written_match_the_schema_and_read_back_the_same() => Holds("click", EventGenerators.ClickEvent);

    [Fact]
    public void Sequences_as_written_match_the_schema_and_read_back_the_same() => Holds("sequence", EventGenerators.SequenceEvent);

    [Fact]
    public void Recommendations_as_written_match_the_schema_and_read_back_the_same() =>
        Holds("recommendation", EventGenerators.RecommendationEvent);

    [Fact]
    public void Outcomes_as_written_match_the_schema_and_read_back_the_same() => Holds("outcome", EventGenerators.OutcomeEvent);

    [Fact]
    public void Manifests_as_written_match_the_schema_and_read_back_the_same() => Holds("adapter", EventGenerators.AdapterManifest);

    [Fact]
    public void Plans_as_written_match_the_schema_and_read_back_the_same() => Holds("rollout", EventGenerators.RolloutPlan);

    private static void Holds<T>(string name, Gen<T> events)
        where T : class, IEvent => events.Sample(
            value =>
            {
                var json = EventJson.Write(value);
                Assert.True(EventSchemas.Refusal(name, json) is null, Encoding.UTF8.GetString(json));
                // Lists compare by reference, so what is compared is what is written again.
                Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(EventJson.Write(EventJson.Parse<T>(json))));
            },
            iter: 300);
}
