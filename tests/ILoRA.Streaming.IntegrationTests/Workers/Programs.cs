using System.Xml.Linq;
using ILoRA.Streaming.IntegrationTests.Retail;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Workers;

/// <summary>Where the built programs lie; which program and arguments a service of docker-compose.yml starts.</summary>
public static class Programs
{
    static readonly string Configuration =
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            ? "Release" : "Debug";

    public static ComposeFile Compose { get; } = ComposeFile.Read(Repository.PathOf("docker-compose.yml"));

    /// <summary>The program of a project under src/, as this configuration built it.</summary>
    public static string Of(string project)
    {
        var file = XDocument.Load(Repository.PathOf("src", project, $"{project}.csproj"));
        var runtime = file.Descendants("RuntimeIdentifier").SingleOrDefault()?.Value ?? "";
        var program =
            Repository.PathOf("src", project, "bin", Configuration, "net10.0", runtime, file.Descendants("AssemblyName").Single().Value);
        return File.Exists(program)
            ? program : throw new FileNotFoundException($"{program} is not built; build the solution with -c {Configuration} first.");
    }

    /// <summary>
    /// A compose service's program and its arguments, with the servers of this run in place of the compose network's names.
    /// </summary>
    public static (string Program, string[] Arguments) OfService(string service, string bootstrap, string redis, int port)
    {
        string[] arguments = [.. Compose.Command(service).Skip(1).Select(argument => argument switch
        {
            "kafka:29092" => bootstrap,
            "redis:6379" => redis,
            "/backbone" => Sample.Backbone,
            "/snapshot" => Sample.Snapshot,
            _ => argument,
        }), "--port", $"{port}"];
        return (Of(Compose.BuildArguments(service)["PROJECT"]), arguments);
    }
}
