using Confluent.Kafka;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Tests.Lifetime;

public sealed class FailureTests
{
    [Theory]
    [InlineData("MaxBatch", "abc", "setting 'Kafka:MaxBatch' is 'abc'; it must be a whole number.")]
    [InlineData("RetryBudget", "soon", "setting 'Kafka:RetryBudget' is 'soon'; it must be a duration such as 00:00:05.")]
    [InlineData("Compression", "zip", "setting 'Kafka:Compression' is 'zip'; it must be one of None, Gzip, Snappy, Lz4, Zstd.")]
    public void A_setting_of_another_type_names_what_it_must_be(string setting, string value, string message)
    {
        var configuration =
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [$"Kafka:{setting}"] = value }).Build();
        var failure = Failure.Of(Assert.Throws<InvalidOperationException>(() => KafkaOptions.Of(configuration)));

        Assert.Equal((ExitCode.BadInput, message), (failure.Code, failure.Message));
    }

    [Fact]
    public void Options_are_refused_by_their_own_words() => Assert.Equal(
        new Failure(ExitCode.BadInput, "The field MaxBatch must be between 1 and 100000. Bootstrap is required."),
        Failure.Of(new OptionsValidationException("", typeof(KafkaOptions),
        [
            "DataAnnotation validation failed for 'KafkaOptions' members: 'MaxBatch' with the error: 'The field MaxBatch must be "
                + "between 1 and 100000.'.",
            "Bootstrap is required.",
        ])));

    [Fact]
    public void Several_mistakes_are_one_line() => Assert.Equal(
        new Failure(ExitCode.BadInput, "Kafka: wrong. Trainer: wrong."),
        Failure.Of(new AggregateException(
            new OptionsValidationException("", typeof(KafkaOptions), ["Kafka: wrong."]), new InvalidDataException("Trainer: wrong."))));

    [Fact]
    public void A_file_that_is_not_there_is_bad_input() =>
        Assert.Equal(ExitCode.BadInput, Failure.Of(new FileNotFoundException("no file")).Code);

    [Fact]
    public void A_server_that_does_not_answer_is_a_failure_in_one_line()
    {
        Assert.Equal(new Failure(ExitCode.Failed, "Kafka: Broker transport failure (Local_Transport)"),
            Failure.Of(new KafkaException(new Error(ErrorCode.Local_Transport, "Broker transport failure"))));
        Assert.Equal(new Failure(ExitCode.Failed, "Redis: no connection is available"),
            Failure.Of(new RedisException("no connection\nis available")));
    }

    private static void Defect() => throw new NotSupportedException("a defect");

    [Fact]
    public void A_defect_keeps_its_stack_trace()
    {
        var failure = Failure.Of(Assert.Throws<NotSupportedException>(Defect));
        Assert.Equal(ExitCode.Failed, failure.Code);
        Assert.Contains(nameof(Defect), failure.Message, StringComparison.Ordinal);
    }
}
