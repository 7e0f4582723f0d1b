using System.Text;
using System.Text.RegularExpressions;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Workers;

/// <summary>The help of every command is in <c>tests/approved/help.txt</c>; ILORA_APPROVE=1 writes it anew.</summary>
public sealed partial class HelpTests
{
    [Fact]
    public async Task The_help_of_every_command_is_the_approved_one()
    {
        var text = new StringBuilder();
        foreach (var project in (string[])["ILoRA.Streaming.Local", "ILoRA.Streaming.Cli"])
            await AddAsync(text, Programs.Of(project), []);
        foreach (var worker in (string[])["Ingest", "Inference", "Trainer"])
            await AddAsync(text, Programs.Of($"ILoRA.Streaming.{worker}.Worker"), []);

        Assert.Equal(text.ToString(), Approved.Read(Approved.PathOf("help.txt"), text.ToString()));
    }

    private static async Task AddAsync(StringBuilder text, string program, string[] command)
    {
        var help = (await Tool.RunAsync(program, [.. command, "--help"])).Succeeded();
        text.Append('$').AppendJoin(' ', ["", Path.GetFileName(program), .. command, "--help"]).Append('\n');
        foreach (var line in help.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0))
            text.Append(line).Append('\n');
        text.Append('\n');
        // Up to the next line that is not indented, such as that of the examples.
        var commands =
            help.Split('\n').SkipWhile(line => line != "Commands:").Skip(1).TakeWhile(line => line.Length == 0 || line[0] == ' ');
        foreach (var name in commands.Select(line => CommandName().Match(line)).Where(match => match.Success))
            await AddAsync(text, program, [.. command, name.Groups["name"].Value]);
    }

    [GeneratedRegex("^  (?<name>[a-z][a-z-]*)\\b")]
    private static partial Regex CommandName();
}
