using System.CommandLine;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Cli.Commands.Adapters;

/// <summary>A version as users name it: <c>online-000003</c>, <c>online/online-000003</c>, or a line for its newest.</summary>
internal static class VersionArgument
{
    public static Argument<string> Create() =>
        new("VERSION") { Description = "A version such as online-000003, LINE/VERSION, or a line for its newest version" };

    public static AdapterManifest Find(AdapterRegistry registry, string name)
    {
        var found = registry.Manifests.Where(manifest => manifest.Version.Value == name || manifest.Key == name).ToArray();
        if (found.Length > 1)
            throw new UsageException(
                $"version '{name}' is in several lines; say which: {string.Join(", ", found.Select(manifest => manifest.Key))}.");
        if (found is [var only])
            return only;
        // What cannot name a line may still be near to what was meant.
        if (LineName.Mistake(name) is null && registry.Newest(new LineName(name)) is { } newest)
            return newest;
        var known = registry.Manifests.Select(version => version.Version.Value).Concat(registry.Lines.Select(line => line.Value));
        var near = NearestName.Of(name, known);
        throw new UsageException(
            $"no version or line '{name}' was announced{(near is null ? "; see 'ilora adapters list'" : $"; did you mean '{near}'?")}");
    }
}
