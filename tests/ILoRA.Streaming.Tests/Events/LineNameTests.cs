using System.Text;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Tests.Schemas;
using ILoRA.Streaming.Training.Worker;

namespace ILoRA.Streaming.Tests.Events;

public sealed class LineNameTests
{
    [Theory]
    [InlineData("online")]
    [InlineData("Shop_2.eu-west")]
    [InlineData("7")]
    public void A_name_of_letters_digits_and_separators_is_taken(string name) => Assert.Equal(name, new LineName(name).Value);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("my line")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("-x")]
    [InlineData("a:b")]
    [InlineData("{a}")]
    [InlineData("a\nb")]
    [InlineData("\u00e9t\u00e9")]
    public void Another_name_is_refused_with_what_is_allowed(string name)
    {
        var message = Assert.Throws<InvalidDataException>(() => new LineName(name)).Message;
        Assert.StartsWith($"'{name}' cannot name a line: give 1 to 200 of A-Z a-z 0-9 . _ -", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(199, true)]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void A_name_has_at_most_200_characters(int length, bool holds) =>
        Assert.Equal(holds, LineName.Mistake(new string('a', length)) is null);

    [Theory]
    [InlineData("online", true)]
    [InlineData("Shop_2.eu-west", true)]
    [InlineData("", false)]
    [InlineData("my line", false)]
    [InlineData("a/b", false)]
    [InlineData("..", false)]
    [InlineData("\u00e9t\u00e9", false)]
    public void Events_take_a_line_exactly_where_their_schemas_do(string line, bool holds)
    {
        foreach (var (name, json) in Events(line))
        {
            var value = Encoding.UTF8.GetBytes(json);
            var taken = (EventSchemas.Refusal(name, value) is null, EventSchemas.ReaderRefusal(name, value) is null);
            Assert.Equal((name, (holds, holds)), (name, taken));
        }
    }

    [Fact]
    public void The_reason_of_a_dead_letter_names_the_line_and_what_is_allowed()
    {
        var (name, json) = Events("my line")[0];
        var reason = EventSchemas.ReaderRefusal(name, Encoding.UTF8.GetBytes(json));
        Assert.StartsWith("$.line: 'my line' cannot name a line: give 1 to 200 of A-Z a-z 0-9 . _ -", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_trainers_line_is_checked_when_it_starts()
    {
        var options = new TrainerOptions { Backbone = Golden.Own("llama"), Line = "my line" };
        var mistake = Assert.Single(options.Validate(new(options))).ErrorMessage;
        Assert.StartsWith("Trainer:Line: 'my line' cannot name a line: give 1 to 200 of", mistake, StringComparison.Ordinal);
    }

    private static (string Name, string Json)[] Events(string line)
    {
        const string plan = """
            {"rollout":"r","revision":1,"salt":"s","stage":"s","by":"b","reason":"r",
             "arms":[{"arm":"a","line":"ARM","version":null,"share":10000}],"shadow":["SHADOW"]}
            """;
        const string list = """
            {"id":"i","user":"u","time":0,"items":[],"version":"v","line":"ARM","arm":"a","rollout":"r","gate":[],
             "source":{"topic":"sequences","partition":0,"offset":0},"shadow":{"SHADOW":[]}}
            """;
        const string manifest = """
            {"version":"v","line":"ARM",
             "parts":{"gate":{"sha256":"0000000000000000000000000000000000000000000000000000000000000000","bytes":1,"location":"file:x"}},
             "parent":null,"created":0,"backbone":"b","shape":{"experts":4,"rank":8,"targets":["q"]},"offsets":{},"events":null,"metrics":{}}
            """;
        string With(string json, string arm, string shadow) =>
            json.Replace("ARM", arm, StringComparison.Ordinal).Replace("SHADOW", shadow, StringComparison.Ordinal);
        return
        [
            ("adapter", With(manifest, line, line)), ("rollout", With(plan, line, "popular")), ("rollout", With(plan, "online", line)),
            ("recommendation", With(list, line, "popular")), ("recommendation", With(list, "online", line)),
        ];
    }
}
