using System.Text;
using CsCheck;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Tests.Events;

public sealed class EventJsonTests
{
    [Theory]
    [InlineData("\"2011-01-04T10:00:00Z\"")]
    [InlineData("\"2011-01-04T12:30:00+02:30\"")]
    [InlineData("\"2011-01-04T10:00:00.000Z\"")]
    [InlineData("1294135200")]
    [InlineData("1294135200000")]
    [InlineData("1294135200000000")]
    [InlineData("1294135200000000.0")]
    [InlineData("1.2941352e9")]
    public void The_same_moment_reads_the_same_however_it_is_written(string time) =>
        Assert.Equal(new DateTimeOffset(2011, 1, 4, 10, 0, 0, TimeSpan.Zero), Click($$"""{"user":"u","item":"i","time":{{time}}}""").Time);

    [Fact]
    public void A_fraction_is_kept_to_100_nanoseconds() =>
        Assert.Equal(1234567,
            Click("""{"user":"u","item":"i","time":"2011-01-04T10:00:00.123456789Z"}""").Time.Ticks % TimeSpan.TicksPerSecond);

    [Fact]
    public void Any_time_of_any_offset_reads_back_as_the_same_moment() =>
        Gen.Select(Gen.Long[0, 40_000_000_000_000_000], Gen.Int[-840, 840]).Sample((ticks, minutes) =>
        {
            var time = DateTimeOffset.UnixEpoch.AddTicks(ticks).ToOffset(TimeSpan.FromMinutes(minutes));
            var json = EventJson.Write(new ClickEvent { User = new("u"), Item = new("i"), Time = time });
            return EventJson.Parse<ClickEvent>(json).Time == time
                && Encoding.UTF8.GetString(json).EndsWith("Z\"}", StringComparison.Ordinal);
        });

    [Fact]
    public void A_click_is_written_without_what_it_lacks() =>
        Assert.Equal("""{"user":"u","item":"i","time":"2011-01-04T10:00:00Z","type":"purchase"}""",
            Written(Click("""{"type":"purchase","time":1294135200,"item":"i","user":"u"}""")));

    [Fact]
    public void A_rank_that_is_null_is_written() => Assert.Contains("\"rank\":null", Written(new OutcomeEvent
    {
        Recommendation = new("r"),
        User = new("u"),
        Item = new("i"),
        Rank = null,
        Delay = 1,
        Version = new("v"),
        Arm = new("a"),
        Rollout = new("d"),
        Time = DateTimeOffset.UnixEpoch,
    }), StringComparison.Ordinal);

    [Fact]
    public void An_arm_that_follows_the_newest_version_says_so() =>
        Assert.Contains("""{"arm":"online","line":"online","version":null,"share":10000}""", Written(RolloutPlan.Default),
            StringComparison.Ordinal);

    [Fact]
    public void Letters_of_all_alphabets_stay_readable() =>
        Assert.Contains("Zoë & 浜崎 <3", Written(new ItemEvent { Item = new("i"), Title = "Zoë & 浜崎 <3" }), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"item":"i","time":0}""", "$: lacks 'user'")]
    [InlineData("""{"user":["u"],"item":"i","time":0}""", "$.user: an id is a string")]
    [InlineData("""["u"]""", "$: has the wrong type")]
    [InlineData("""{"user":"u","item":"i","time":0""", "$.time: ")]
    [InlineData("""{"user":"\ud800","item":"i","time":0}""", "surrogate")]
    [InlineData("""{"user":"","item":"i","time":0}""", "$.user")]
    [InlineData("""{"user":null,"item":"i","time":0}""", "$.user")]
    [InlineData("""{"user":"u","item":"i","time":0,"session":null}""", "$.session: is null; leave out what is absent")]
    [InlineData("""{"user":"u","item":"i","time":"now"}""", "$.time: must be an RFC 3339 time")]
    [InlineData("""{"user":"u","item":"i","time":0,"type":"hover"}""", "view, click, cart, purchase")]
    [InlineData("""{"user":"u","user":"v","item":"i","time":0}""", "$.user: is there twice")]
    public void The_reason_names_the_field(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<PoisonException>(() => Click(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_of_any_kind_are_read_or_refused_and_never_anything_else() => Gen.Byte.Array[0, 60].Sample(Survives);

    [Fact]
    public void A_click_with_a_few_bytes_changed_is_read_or_refused_and_never_anything_else() =>
        Gen.Select(Gen.Int[0, 60], Gen.Byte, Gen.Int[0, 60], Gen.Byte).Sample((at, one, then, other) =>
        {
            var json = Encoding.UTF8.GetBytes("""{"user":"u17","item":"85123A","time":"2011-01-04T10:00:00Z"}""");
            json[at % json.Length] = one;
            json[then % json.Length] = other;
            return Survives(json);
        }, iter: 20_000);

    private static bool Survives(byte[] json)
    {
        try
        {
            return EventJson.Parse<ClickEvent>(json).User.Value.Length > 0;
        }
        catch (PoisonException poison)
        {
            return poison.Message.Length > 0;
        }
    }

    private static ClickEvent Click(string json) => EventJson.Parse<ClickEvent>(Encoding.UTF8.GetBytes(json));

    private static string Written<T>(T value)
        where T : class, IEvent => Encoding.UTF8.GetString(EventJson.Write(value));
}
