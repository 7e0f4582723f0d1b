using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ILoRA.Streaming.TestKit;

/// <summary>Reads docker-compose.yml, so that tests can start its commands as processes.</summary>
public sealed class ComposeFile
{
    readonly Dictionary<object, object> document;

    ComposeFile(Dictionary<object, object> document) => this.document = document;

    public static ComposeFile Read(string path)
    {
        using var reader = new StreamReader(path);
        // MergingParser resolves "<<: *anchor", as Docker Compose does.
        var parsed = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(reader)));
        return new ComposeFile(parsed);
    }

    public IReadOnlyList<string> Services => [.. Keys(document["services"])];
    public IReadOnlyList<string> Volumes => [.. Keys(document["volumes"])];

    /// <summary>The service's command: the program, then its arguments.</summary>
    public IReadOnlyList<string> Command(string service) => Texts(At(service, "command"));

    public IReadOnlyDictionary<string, string> Environment(string service) => Map(At(service, "environment"));

    /// <summary>The services that the service depends on, with the condition of each.</summary>
    public IReadOnlyDictionary<string, string> DependsOn(string service) => At(service, "depends_on") is Dictionary<object, object> waits
        ? waits.ToDictionary(wait => $"{wait.Key}", wait => $"{((Dictionary<object, object>)wait.Value)["condition"]}")
        : [];

    public IReadOnlyDictionary<string, string> BuildArguments(string service) =>
        At(service, "build") is Dictionary<object, object> build ? Map(build["args"]) : new Dictionary<string, string>();

    public IReadOnlyList<string> Mounts(string service) => Texts(At(service, "volumes"));
    public IReadOnlyList<string> HealthCheck(string service) =>
        At(service, "healthcheck") is Dictionary<object, object> check ? Texts(check["test"]) : [];
    public string? Text(string service, string key) => At(service, key)?.ToString();

    object? At(string service, string key) =>
        ((Dictionary<object, object>)((Dictionary<object, object>)document["services"])[service]).GetValueOrDefault(key);

    static IEnumerable<string> Keys(object map) => ((Dictionary<object, object>)map).Keys.Select(key => $"{key}");
    static IReadOnlyList<string> Texts(object? list) => list is List<object> items ? [.. items.Select(item => $"{item}")] : [];
    static Dictionary<string, string> Map(object? map) =>
        map is Dictionary<object, object> pairs ? pairs.ToDictionary(pair => $"{pair.Key}", pair => $"{pair.Value}") : [];
}
