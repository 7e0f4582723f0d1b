using Confluent.Kafka;

namespace ILoRA.Streaming.Kafka;

/// <summary>Asks the brokers at once, where clients of the stream would go on trying and log each attempt.</summary>
public static class Brokers
{
    /// <summary>A client that says nothing by itself: what fails is an exception of the call.</summary>
    public static IAdminClient Admin(KafkaOptions kafka) =>
        new AdminClientBuilder(kafka.Admin()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();

    /// <returns>Null where a broker answers within the limit, else why not.</returns>
    public static string? WhyUnreached(KafkaOptions kafka, TimeSpan limit)
    {
        using var admin = Admin(kafka);
        try
        {
            admin.GetMetadata(limit);
            return null;
        }
        catch (KafkaException down)
        {
            return down.Error.Reason;
        }
    }
}
