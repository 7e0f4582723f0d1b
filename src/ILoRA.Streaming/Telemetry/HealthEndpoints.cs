using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ILoRA.Streaming.Telemetry;

/// <summary>
/// <c>/health/live</c> (restart the process where it fails), <c>/health/ready</c> (send it no work where it fails) and <c>/health</c>
/// (both). Status 200 or 503; the body names each check, and why it fails.
/// </summary>
internal static class HealthEndpoints
{
    public const string Live = "live", Ready = "ready";

    public static void Map(WebApplication app)
    {
        app.MapHealthChecks("/health", new() { ResponseWriter = WriteAsync });
        foreach (var tag in new[] { Live, Ready })
            app.MapHealthChecks($"/health/{tag}",
                new HealthCheckOptions { Predicate = check => check.Tags.Contains(tag), ResponseWriter = WriteAsync });
    }

    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", $"{report.Status}");
        json.WriteStartObject("checks");
        foreach (var (name, check) in report.Entries)
        {
            json.WriteStartObject(name);
            json.WriteString("status", $"{check.Status}");
            if (check.Description is { Length: > 0 } description)
                json.WriteString("description", description);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }
}
