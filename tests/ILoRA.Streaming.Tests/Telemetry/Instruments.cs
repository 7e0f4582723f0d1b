using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using ILoRA.Streaming.Inference.Serving;
using ILoRA.Streaming.Telemetry;
using ILoRA.Streaming.Training.Worker;

namespace ILoRA.Streaming.Tests.Telemetry;

/// <summary>An instrument as the product creates it.</summary>
internal sealed record KnownInstrument(string Name, string Kind, string Unit, string Description, IReadOnlyList<double> Buckets);

/// <summary>Every instrument of the workers' assemblies.</summary>
internal static class Instruments
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    public static IReadOnlyList<KnownInstrument> All { get; } = Find();

    private static List<KnownInstrument> Find()
    {
        var found = new List<KnownInstrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => Add(found, instrument) };
        listener.Start();
        // Instruments are made when the class that holds them is first used.
        foreach (var type in new[] { typeof(StreamMetrics), typeof(InferenceOptions), typeof(TrainerOptions) }.SelectMany(
            known => known.Assembly.GetTypes()))
        {
            if (type.GetFields(Static).Any(field => field.FieldType.IsAssignableTo(typeof(Instrument)) || field.FieldType == typeof(Meter)))
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }
        return found;
    }

    private static void Add(List<KnownInstrument> found, Instrument instrument)
    {
        if (instrument.Meter.Name != StreamMetrics.Name)
            return;
        var buckets = instrument is Histogram<double> histogram ? histogram.Advice?.HistogramBucketBoundaries : null;
        lock (found)
            found.Add(
                new(instrument.Name, instrument.GetType().Name.Split('`')[0], instrument.Unit ?? "", instrument.Description ?? "",
                    buckets ?? []));
    }
}
