using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Tests.Ingest;

public sealed class IngestServicesTests
{
    [Fact]
    public void The_window_for_late_clicks_that_is_no_setting_any_more_is_refused_by_name()
    {
        var refused =
            Assert.Throws<InvalidDataException>(() => StreamHost.CreateBuilder(["--Sequences:LateWindow=1.00:00:00"], "ilora-ingest"));

        Assert.Contains("Sequences:LateWindow ('1.00:00:00')", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_negative_clock_skew_is_refused_at_the_start()
    {
        var builder = StreamHost.CreateBuilder(["--Ingest:ClockSkew=-00:00:01"], "ilora-ingest");
        builder.Services.AddIngest(builder.Configuration);
        await using var app = builder.Build();

        var refused = Assert.Throws<OptionsValidationException>(() => app.Services.GetRequiredService<IOptions<IngestOptions>>().Value);

        Assert.Contains("ClockSkew", refused.Message, StringComparison.Ordinal);
    }
}
