using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Outcomes;
using ILoRA.Streaming.Recommendations;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.Sequences;

namespace ILoRA.Streaming.Json;

/// <summary>What the types can't say of an event: ranges and lengths, as in <c>schemas/</c>.</summary>
internal static class EventRules
{
    public static void Check(object value)
    {
        switch (value)
        {
            case ItemEvent item:
                Require(item.Title.Length is >= 1 and <= 4096, "title", "has 1 to 4096 characters");
                break;
            case SequenceEvent sequence:
                Check(sequence);
                break;
            case RecommendationEvent recommendation:
                Check(recommendation);
                break;
            case OutcomeEvent outcome:
                Require(outcome.Rank is null or >= 1, "rank", "counts from 1");
                break;
            case AdapterManifest manifest:
                Check(manifest);
                break;
            case RolloutPlan plan:
                RolloutRules.Check(plan);
                break;
        }
    }

    public static void Require(bool holds, string field, string rule)
    {
        if (!holds)
            throw new PoisonException($"$.{field}: {rule}");
    }

    private static void Check(SequenceEvent sequence)
    {
        Require(sequence.Items.Count >= 1, "items", "holds at least the click that made the event");
        Require(sequence.Times is null || sequence.Times.Count == sequence.Items.Count, "times", "has one time an item");
        Require(sequence.Sessions is null || sequence.Sessions.Count == sequence.Items.Count, "sessions", "has one session an item");
        Check(sequence.Source);
    }

    private static void Check(SourcePosition source) =>
        Require(source is { Topic.Length: >= 1, Partition: >= 0, Offset: >= 0 }, "source", "names a topic, a partition and an offset from 0");

    private static void Check(RecommendationEvent recommendation)
    {
        Check(recommendation.Source);
        foreach (var item in recommendation.Items)
        {
            Require(float.IsFinite(item.Score), "items.score", "is a finite number");
            Require(item.Propensity is >= 0 and <= 1, "items.propensity", "is a probability");
        }
    }

    private static void Check(AdapterManifest manifest)
    {
        Require(manifest.Parts.Count >= 1, "parts", "names at least one part");
        foreach (var (name, part) in manifest.Parts)
        {
            Require(part.Sha256.Length == 64 && part.Sha256.All(c => char.IsAsciiHexDigitLower(c)), $"parts.{name}.sha256", "is 64 lower-case hexadecimal digits");
            Require(part.Bytes >= 1, $"parts.{name}.bytes", "is at least 1");
        }
        var shape = manifest.Shape;
        Require(shape.Experts >= 1 && shape.Rank >= 1 && shape.Rank % shape.Experts == 0, "shape", "has a rank that is a multiple of its experts");
    }
}
