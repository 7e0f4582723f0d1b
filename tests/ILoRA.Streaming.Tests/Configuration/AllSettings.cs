using System.Reflection;
using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Inference.Serving;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Worker;

namespace ILoRA.Streaming.Tests.Configuration;

/// <summary>The sections of all programs, found by their <c>Section</c> constants.</summary>
internal static class AllSettings
{
    private static readonly Assembly[] Assemblies = [typeof(KafkaOptions).Assembly, typeof(InferenceOptions).Assembly,
        typeof(TrainerOptions).Assembly];

    public static IReadOnlyList<SettingsSection> Sections { get; } =
    [
        .. Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Select(type => (type,
                path: type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string))
            .Where(pair => pair.path is not null)
            .Select(pair => new SettingsSection(pair.path!, pair.type))
            .Append(new SettingsSection(TrainerOptions.LearningSection, typeof(OnlineTrainerOptions)))
            .OrderBy(section => section.Path, StringComparer.Ordinal),
    ];
}
