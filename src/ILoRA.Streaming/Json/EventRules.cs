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
    // Lengths in code points, as JSON Schema counts them.
    public const int Name = 256;
    public const int Title = 4096;

    public static void Check(object value)
    {
        switch (value)
        {
            case ItemEvent item:
                Text(item.Title, "title", Title);
                Texts(item.Attributes, "attributes");
                break;
            case SequenceEvent sequence:
                Check(sequence);
                break;
            case RecommendationEvent recommendation:
                Check(recommendation);
                break;
            case OutcomeEvent outcome:
                Require(outcome.Rank is null or >= 1, "rank", "counts from 1");
                Require(outcome.Propensity is null or (>= 0 and <= 1), "propensity", "is a probability");
                Optional(outcome.Segment, "segment", Name);
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

    public static void Text(string? text, string field, int limit)
    {
        if (text is null)
            throw new PoisonException($"$.{field}: is a string, not null");
        // Only a text of more UTF-16 units than the limit needs counting.
        var length = text.Length <= limit ? text.Length : text.EnumerateRunes().Count();
        if (length < 1 || length > limit)
            throw new PoisonException($"$.{field}: has 1 to {limit} characters, got {length}");
    }

    public static void Optional(string? text, string field, int limit)
    {
        if (text is not null)
            Text(text, field, limit);
    }

    private static void Texts(IReadOnlyDictionary<string, string>? texts, string field)
    {
        if (texts is null)
            return;
        foreach (var (name, text) in texts)
            Require(text is not null, $"{field}.{name}", "is a string, not null");
    }

    private static void Whole<T>(IEnumerable<T?> values, string field)
        where T : class
    {
        foreach (var value in values)
            Require(value is not null, field, "holds no null");
    }

    private static void Check(SequenceEvent sequence)
    {
        Require(sequence.Items.Count >= 1, "items", "holds at least the click that made the event");
        // A schema cannot compare two lengths: these are the reader's alone.
        Require(sequence.Times is null || sequence.Times.Count == sequence.Items.Count, "times", "has one time an item");
        Require(sequence.Sessions is null || sequence.Sessions.Count == sequence.Items.Count, "sessions", "has one session an item");
        Require(sequence.Place is null || (sequence.Place >= 1 && sequence.Place <= sequence.Items.Count), "place", "counts from 1 to the number of items");
        Whole(sequence.Sessions ?? [], "sessions");
        Check(sequence.Source);
    }

    private static void Check(SourcePosition source)
    {
        Text(source.Topic, "source.topic", Name);
        Require(source is { Partition: >= 0, Offset: >= 0 }, "source", "has a partition and an offset from 0");
    }

    private static void Check(RecommendationEvent recommendation)
    {
        Check(recommendation.Source);
        Whole(recommendation.Items, "items");
        foreach (var item in recommendation.Items)
            Require(item.Propensity is >= 0 and <= 1, "items.propensity", "is a probability");
        foreach (var weight in recommendation.Gate)
            Require(weight is >= 0 and <= 1, "gate", "holds weights of 0 to 1");
        Whole(recommendation.Shadow?.Values ?? [], "shadow");
        Optional(recommendation.Segment, "segment", Name);
        Require(recommendation.Latency is null or { Queue: >= 0, Retrieve: >= 0, Score: >= 0 }, "latency", "is not negative");
    }

    private static void Check(AdapterManifest manifest)
    {
        Require(manifest.Parts.Count >= 1, "parts", "names at least one part");
        Whole(manifest.Parts.Values, "parts");
        foreach (var (name, part) in manifest.Parts)
        {
            Require(part.Sha256.Length == 64 && part.Sha256.All(char.IsAsciiHexDigitLower), $"parts.{name}.sha256", "is 64 lower-case hexadecimal digits");
            Require(part.Bytes >= 1, $"parts.{name}.bytes", "is at least 1");
            Text(part.Location, $"parts.{name}.location", Title);
        }
        Text(manifest.Backbone, "backbone", Name);
        Optional(manifest.Note, "note", Title);
        Whole(manifest.Tags ?? [], "tags");
        Require(manifest.Offsets.Values.All(offset => offset >= 0), "offsets", "counts from 0");
        Check(manifest.Shape);
    }

    private static void Check(ManifestShape shape)
    {
        Require(shape is { Experts: >= 1, Rank: >= 1 }, "shape", "has at least one expert and rank 1");
        // A schema cannot divide: this one is the reader's alone.
        Require(shape.Rank % shape.Experts == 0, "shape", "has a rank that is a multiple of its experts");
        Require(shape.Targets.Count >= 1 && shape.Targets.All(target => target is "q" or "k" or "v" or "o" or "gate" or "up" or "down"), "shape.targets", "holds q, k, v, o, gate, up or down");
    }
}
