using Microsoft.Extensions.Configuration;

namespace ILoRA.Streaming.Configuration;

/// <summary>Settings that have another name now, or none: one that is still given would be ignored, so it is refused.</summary>
public static class RemovedSettings
{
    private const string Spelt = $"(ILORA__{StreamNamespace.Setting}, --namespace)";

    private static readonly (string Old, string Remedy)[] Names =
    [
        ("Kafka:TopicPrefix",
            $"was renamed to {StreamNamespace.Setting}, which is also the prefix of consumer groups and Redis keys {Spelt}"),
        ("Redis:KeyPrefix", $"was renamed to {StreamNamespace.Setting}, which is also the prefix of topics and consumer groups {Spelt}"),
        ("Kafka:Namespace", $"is not a setting; give {StreamNamespace.Setting} outside of the section {Spelt}"),
        ("Redis:Namespace", $"is not a setting; give {StreamNamespace.Setting} outside of the section {Spelt}"),
        ("Sequences:LateWindow", "is no setting any more: a late click goes to its place wherever the kept history reaches; leave it out"),
    ];

    /// <exception cref="InvalidDataException">One is given.</exception>
    public static void Refuse(IConfiguration configuration)
    {
        foreach (var (old, remedy) in Names)
            if (configuration[old] is { } value)
                throw new InvalidDataException($"{old} ('{value}') {remedy}.");
    }
}
