using System.Globalization;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Local.Running;

/// <summary>Sends a file's items, and its clicks at an even pace.</summary>
internal sealed class ClickSource(EventProducer producer, TimeProvider time)
{
    /// <summary>Sends all items; ends when the brokers have them.</summary>
    public Task SendItemsAsync(IEnumerable<ItemLine> items)
    {
        var deliveries = new DeliveryBatch();
        foreach (var item in items)
            producer.Send(deliveries, producer.Topics.Items, Key(item.Item), EventJson.Write(item.ToEvent()),
                Header($"item-{item.Item}", ItemEvent.EventType));
        return deliveries.CompleteAsync(CancellationToken.None);
    }

    /// <summary>
    /// Sends clicks in their order, <paramref name="perSecond"/> of them a second, until they end or <paramref name="stop"/>.
    /// </summary>
    public async Task StreamAsync(IEnumerable<ClickLine> clicks, string name, double perSecond, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        var sent = 0L;
        var run = new ImportRun<ClickLine>(0, click => SendAsync(click, name), _ => Task.CompletedTask)
        {
            Clock = time,
            Until = _ => TimeSpan.FromSeconds(sent++ / perSecond) - time.GetElapsedTime(start),
        };
        try
        {
            await run.RunAsync(clicks, click => click.Line, new Progress<long>(), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run ends before the clicks do.
        }
    }

    private Task SendAsync(ClickLine click, string name)
    {
        var id = click.Id ?? string.Create(CultureInfo.InvariantCulture, $"{name}-{click.Line}");
        return producer.ProduceAsync(producer.Topics.Clicks, click.User, EventJson.Write(click.ToEvent(id)),
            Header(id, ClickEvent.EventType));
    }

    private EventHeader Header(string id, string type) => new(id, type, time.GetUtcNow());

    private static byte[] Key(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
