using Microsoft.Extensions.Configuration;

namespace ILoRA.Streaming.Hosting;

/// <summary>Settings that have another name now: one that is still given would be ignored, so it is refused.</summary>
internal static class RenamedSettings
{
    private static readonly (string Old, string Remedy)[] Names =
    [
        ("Kafka:TopicPrefix", $"was renamed to {StreamNamespace.Setting}, which is also the prefix of consumer groups and Redis keys"),
        ("Redis:KeyPrefix", $"was renamed to {StreamNamespace.Setting}, which is also the prefix of topics and consumer groups"),
        ("Kafka:Namespace", $"is not a setting; give {StreamNamespace.Setting} outside of the section"),
        ("Redis:Namespace", $"is not a setting; give {StreamNamespace.Setting} outside of the section"),
    ];

    /// <exception cref="InvalidDataException">One is given.</exception>
    public static void Refuse(IConfiguration configuration)
    {
        foreach (var (old, remedy) in Names)
            if (configuration[old] is { } value)
                throw new InvalidDataException($"{old} ('{value}') {remedy} (ILORA__{StreamNamespace.Setting}, --namespace).");
    }
}
