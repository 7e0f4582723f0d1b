using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Kafka;
using Microsoft.Extensions.Configuration;

namespace ILoRA.Streaming.Tests.Configuration;

public sealed class UnknownSettingsTests
{
    private static readonly SettingsSection Kafka = new(KafkaOptions.Section, typeof(KafkaOptions));

    [Theory]
    [InlineData("Infrence:Backbone", "did you mean 'Inference:Backbone'?")]
    [InlineData("Inference:Bakbone", "did you mean 'Inference:Backbone'?")]
    [InlineData("Kafka:Cleint:foo", "did you mean 'Kafka:Client:foo'?")]
    [InlineData("Kafka:Bootstarp", "did you mean 'Kafka:Bootstrap'?")]
    [InlineData("Trainer:Lerning:Seed", "did you mean 'Trainer:Learning:Seed'?")]
    [InlineData("Namspace", "did you mean 'Namespace'?")]
    [InlineData("Kafka:Bootstrap:Servers", "the settings of Kafka are Bootstrap, ")]
    [InlineData("Redis:Password", "the settings of Redis are Connection")]
    [InlineData("Colours:Blue", "the sections are Namespace, Cache, Host,")]
    public void A_misspelt_setting_is_refused_with_the_nearest_name(string setting, string remedy)
    {
        var message = Refusal(setting, AllSettings.Sections);

        Assert.StartsWith($"unknown setting '{setting}' ('x')", message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kafka:Bootstrap")]
    [InlineData("kafka:bootstrap")]
    [InlineData("Kafka:Client:security.protocol")]
    [InlineData("Kafka:Client:security:protocol")]
    [InlineData("Kafka:Fields:items:title")]
    [InlineData("Trainer:Learning:Seed")]
    [InlineData("Logging:LogLevel:Default")]
    [InlineData("Namespace")]
    public void A_setting_of_the_product_passes(string setting) => UnknownSettings.Refuse(Given(setting), AllSettings.Sections);

    [Fact]
    public void The_settings_of_another_program_pass() => UnknownSettings.Refuse(Given("Trainer:Anything"), [Kafka]);

    [Fact]
    public void The_namespace_is_no_setting_of_the_section_that_holds_it() =>
        Assert.Contains("unknown setting 'Kafka:Namespace:Value'", Refusal("Kafka:Namespace:Value", [Kafka]), StringComparison.Ordinal);

    [Fact]
    public void Every_section_of_a_program_is_known_to_the_others() =>
        Assert.Equal([], AllSettings.Sections.Select(section => section.Root).Except(SettingsSection.AllRoots));

    [Theory]
    [InlineData("--Infrence:Backbone=/x")]
    [InlineData("--Kafka:Cleint:foo=bar")]
    public async Task A_worker_refuses_one(string flag) => Assert.Equal(2, await StreamHost.RunAsync([flag], "ilora-test", (_, _) => { }));

    private static string Refusal(string setting, IReadOnlyCollection<SettingsSection> sections) =>
        Assert.Throws<InvalidDataException>(() => UnknownSettings.Refuse(Given(setting), sections)).Message;

    private static IConfiguration Given(string setting) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [setting] = "x" }).Build();
}
