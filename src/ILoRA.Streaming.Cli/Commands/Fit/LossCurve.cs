using System.Text.Json;
using ILoRA.Streaming.Training.Fits;
using ScottPlot;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary>
/// Appends the losses of a fit to <c>loss.jsonl</c> while it runs and draws <c>loss.png</c> at its end. A resumed fit appends to the same
/// file.
/// </summary>
internal sealed class LossCurve : IDisposable
{
    private const int Points = 2000;
    private const int Width = 900, Height = 500;
    private readonly string folder;
    private readonly TimeProvider time;
    private readonly StreamWriter lines;
    private readonly List<Point> points;
    private readonly double before;
    private readonly long begun;

    public LossCurve(string folder, TimeProvider time, bool resumes)
    {
        Directory.CreateDirectory(folder);
        (this.folder, this.time, begun) = (folder, time, time.GetTimestamp());
        points = resumes && File.Exists(LinesPath)
            ? [.. File.ReadLines(LinesPath).Select(Read).TakeWhile(point => point is not null).OfType<Point>()] : [];
        before = points.Count > 0 ? points[^1].Seconds : 0;
        lines = new StreamWriter(LinesPath) { AutoFlush = true };
        foreach (var point in points)
            Write(point);
    }

    // The last line may be torn where the machine went down.
    private static Point? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Point>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Write(Point point) => lines.WriteLine(JsonSerializer.Serialize(point, JsonSerializerOptions.Web));

    private string LinesPath => Path.Combine(folder, "loss.jsonl");

    /// <summary>Targets or samples learned from, in all passes.</summary>
    public long Seen =>
        points.Where(point => point.Validation is null).GroupBy(Phase, StringComparer.Ordinal)
            .Sum(phase => phase.Max(point => point.Seen ?? 0));

    public void Add(FitProgress step)
    {
        var point =
            new Point(Math.Round(before + time.GetElapsedTime(begun).TotalSeconds, 2), Math.Round(step.Done, 5), Math.Round(step.Loss, 5),
                step.Validation is { } tried ? Math.Round(tried, 5) : null, step.Seen, step.What);
        points.Add(point);
        Write(point);
    }

    /// <summary>Draws <c>loss.png</c>: the running mean of the batches' losses, and the losses on held-out sequences.</summary>
    public void Draw()
    {
        using var plot = new Plot();
        foreach (var phase in points.Where(point => point.Validation is null && point.Loss > 0).GroupBy(Phase, StringComparer.Ordinal))
        {
            var smooth = Smoothed([.. phase]);
            var line = plot.Add.ScatterLine(smooth.Select(point => point.Minutes).ToArray(), smooth.Select(point => point.Loss).ToArray());
            line.LegendText = phase.Key;
        }
        var tried = points.Where(point => point.Validation is not null).ToArray();
        if (tried.Length > 0)
            plot.Add.Scatter(tried.Select(point => point.Seconds / 60).ToArray(),
                tried.Select(point => point.Validation!.Value).ToArray()).LegendText = "put aside";
        plot.XLabel("minutes");
        plot.YLabel("loss, nats");
        plot.ShowLegend(Alignment.UpperRight);
        plot.SavePng(Path.Combine(folder, "loss.png"), Width, Height);
    }

    private static string Phase(Point point) => point.What.Split(',')[0];

    private static List<(double Minutes, double Loss)> Smoothed(Point[] phase)
    {
        var size = Math.Max(1, phase.Length / Points);
        var mean = phase[0].Loss;
        var smooth = new List<(double, double)>();
        for (var i = 0; i < phase.Length; i++)
        {
            mean += (phase[i].Loss - mean) * Math.Max(0.05, 1.0 / (i + 1));
            if (i % size == 0)
                smooth.Add((phase[i].Seconds / 60, mean));
        }
        return smooth;
    }

    public void Dispose() => lines.Dispose();

    private sealed record Point(double Seconds, double Done, double Loss, double? Validation, long? Seen, string What);
}
