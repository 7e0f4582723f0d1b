using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Infra;

public sealed class DockerfileTests
{
    readonly string[] instructions = Instructions(File.ReadAllLines(Repository.PathOf("infra", "docker", "Dockerfile")));

    [Fact]
    public void It_builds_in_one_stage_and_runs_in_another()
    {
        Assert.Equal(["FROM ${SDK} AS build", "FROM ${RUNTIME} AS run"], Of("FROM"));
        Assert.Contains("COPY --from=build /app /app", Of("COPY"));
    }

    [Fact]
    public void It_runs_as_a_user_without_rights()
    {
        var user = Assert.Single(Of("USER"));
        Assert.Equal("USER ${APP_UID}", user);
        Assert.True(Array.IndexOf(instructions, user) > Array.IndexOf(instructions, "FROM ${RUNTIME} AS run"));
    }

    [Fact]
    public void One_file_serves_every_project_by_a_build_argument()
    {
        Assert.Contains("ARG PROJECT", Of("ARG"));
        Assert.Contains(Of("RUN"), run => run.Contains("dotnet publish \"src/${PROJECT}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void It_restores_exactly_the_locked_packages() =>
        Assert.Contains(Of("RUN"), run => run.Contains("--locked-mode", StringComparison.Ordinal));

    [Fact]
    public void The_program_is_on_the_path_and_is_stopped_by_SIGTERM()
    {
        Assert.Contains(Of("ENV"), env => env.Contains("PATH=\"/app:", StringComparison.Ordinal));
        Assert.Equal(["STOPSIGNAL SIGTERM"], Of("STOPSIGNAL"));
    }

    [Fact]
    public void Health_and_metrics_are_on_where_other_containers_reach_them()
    {
        Assert.Contains("ENV ILORA__Host__Port=8080 ILORA__Host__Address=0.0.0.0", Of("ENV"));
        Assert.Equal(["EXPOSE 8080"], Of("EXPOSE"));
        // Elsewhere they are off, and when a port is given, on this machine alone.
        Assert.Equal((0, "127.0.0.1"), (new HostingOptions().Port, new HostingOptions().Address));
    }

    string[] Of(string keyword) => [.. instructions.Where(line => line.StartsWith(keyword + " ", StringComparison.Ordinal))];

    // A line that ends with a backslash goes on in the next one.
    static string[] Instructions(string[] lines) =>
        [.. string.Join('\n', lines.Where(line => !line.StartsWith('#'))).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Where(line => line.Trim().Length > 0)];
}
