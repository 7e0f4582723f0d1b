using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Envelopes;

/// <summary>How records of a topic that sites write are read: as events, or out of the envelopes that the topic's option names.</summary>
public sealed class RecordFormat
{
    private readonly EnvelopeOption option;
    private readonly EnvelopeOpener values;
    private readonly KeyOpener keys;
    private readonly bool plain;

    /// <param name="topic"><see cref="EnvelopeSettings.Items"/> or <see cref="EnvelopeSettings.Clicks"/>.</param>
    /// <param name="envelopes">Names of envelopes, by comma, by topic.</param>
    /// <param name="fields">Column by field, by topic.</param>
    /// <exception cref="InvalidDataException">The options name what is not known.</exception>
    internal RecordFormat(
        string topic, IReadOnlyDictionary<string, string> envelopes, IReadOnlyDictionary<string, Dictionary<string, string>> fields)
    {
        if (EnvelopeSettings.Mistakes(envelopes, fields).FirstOrDefault() is { } mistake)
            throw new InvalidDataException(mistake);
        option = EnvelopeSettings.Envelopes(envelopes, topic);
        var (columns, named) = (EnvelopeSettings.Fields(fields, topic), fields.ContainsKey(topic));
        (values, keys, plain) = (new(option, columns, named), new(option, columns), option.Allowed.Count == 0 && !named);
    }

    /// <summary>The event of a topic to which events are added.</summary>
    /// <exception cref="PoisonException">The value is no event, or a change of one.</exception>
    public T ReadEvent<T>(byte[]? value)
        where T : class, IEvent
    {
        if (value is null)
            throw new PoisonException("the record has no value");
        if (plain)
            return ReadPlain<T>(value);
        var payload = values.Open(value);
        return payload.Change == RowChange.Added
            ? Parse<T>(payload)
            : throw new PoisonException($"a row was changed or deleted (op '{payload.Operation}'), where each new row is an event; "
                + "let the connector leave changes out (skipped.operations=u,d,t)");
    }

    /// <summary>The state of a compacted topic's key; null where the key is gone.</summary>
    /// <exception cref="PoisonException">The value is no event.</exception>
    public T? ReadState<T>(byte[]? value)
        where T : class, IEvent
    {
        if (value is null)
            return null;
        if (plain)
            return ReadPlain<T>(value);
        var payload = values.Open(value);
        return payload.Change == RowChange.Deleted ? null : Parse<T>(payload);
    }

    /// <summary>The id that a compacted topic's key holds.</summary>
    /// <exception cref="PoisonException">There is none.</exception>
    public string ReadKey(byte[]? key) => keys.Open(key ?? throw new PoisonException("the record has no key"));

    private T ReadPlain<T>(byte[] value)
        where T : class, IEvent
    {
        try
        {
            return EventJson.Parse<T>(value);
        }
        catch (PoisonException poison) when (EnvelopeShape.Of(value) is { } found)
        {
            throw new PoisonException(option.Unread(found, value), poison);
        }
    }

    private static T Parse<T>(in RecordPayload payload)
        where T : class, IEvent
    {
        try
        {
            return EventJson.Parse<T>(payload.Json);
        }
        catch (PoisonException poison) when (!payload.Bare)
        {
            throw new PoisonException($"inside its envelope: {poison.Message}", poison);
        }
    }
}
