namespace ILoRA.Streaming.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("topcis check", "ilora: unknown command 'topcis'; did you mean 'topics'?")]
    [InlineData("fit al --items x", "ilora fit: unknown command 'al'; did you mean 'all'?")]
    [InlineData("topics chek", "ilora topics: unknown command 'chek'; did you mean 'check'?")]
    [InlineData("topics check --jsno", "ilora topics check: unknown option '--jsno'; did you mean '--json'?")]
    [InlineData("topics check --boostrap x:1", "ilora topics check: unknown option '--boostrap'; did you mean '--bootstrap'?")]
    [InlineData("topics check --prefix eu.", "ilora topics check: option '--prefix' was renamed to '--namespace'")]
    [InlineData("topics check --namespace eu/",
        "ilora topics check: Namespace 'eu/' cannot begin a topic's name: give at most 200 of A-Z a-z 0-9 . _ - (e.g. eu.).")]
    [InlineData("clicks import --sped max", "ilora clicks import: unknown option '--sped'; did you mean '--speed'?")]
    [InlineData("topics", "ilora topics: say which: create, check. See 'ilora topics --help'.")]
    [InlineData("clicks import none.tsv", "ilora clicks import: File does not exist: 'none.tsv'. See 'ilora clicks import --help'.")]
    public async Task A_mistake_is_one_line_with_what_was_meant(string arguments, string line)
    {
        var run = await IloraProcess.RunAsync(arguments.Split(' '));
        Assert.Equal((2, line, ""), (run.Code, run.Error.TrimEnd(), run.Output));
    }

    [Fact]
    public async Task Version_can_be_asked_of_every_command()
    {
        var root = await IloraProcess.RunAsync("--version");
        var deep = await IloraProcess.RunAsync("topics", "create", "--version");
        Assert.Equal((0, root.Output), (deep.Code, deep.Output));
        Assert.Matches(@"^\d+\.\d+\.\d+\s*$", root.Output);
    }

    [Fact]
    public async Task Every_command_explains_itself_with_an_example()
    {
        var missing = new List<string>();
        await VisitAsync([], missing);
        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("fit adapter", "mlp: the same with one hidden layer")]
    [InlineData("tune", "Gates to try: instance, mlp, uniform")]
    public async Task The_gates_are_explained(string command, string words)
        => Assert.Contains(words,
            string.Join(' ',
                (await IloraProcess.RunAsync([.. command.Split(' '), "--help"])).Output.Split((char[])[' ', '\n'],
                    StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

    [Fact]
    public async Task A_bad_input_file_is_named_with_its_line()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("ilora-cli").FullName, "clicks.tsv");
        await File.WriteAllTextAsync(file, "user\titem\ttime\nu1\ti1\t1700000000\nu2\ti2\tnoon\n", TestContext.Current.CancellationToken);
        var run = await IloraProcess.RunAsync("clicks", "import", file, "--bootstrap", "127.0.0.1:1");
        Assert.Equal(2, run.Code);
        Assert.StartsWith(
            "ilora clicks import: clicks.tsv:3: 'noon' is not a time that is recognised; say how it is written by --time-format: ",
            Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("items import", "items.csv", "Artikel,Bezeichnung\na1,Lampe\n", "", "Say --columns item=...,title=...")]
    [InlineData("items import", "items.tsv", "1\tLamp\n", "--format csv", "it is understood as tsv")]
    [InlineData("clicks import", "clicks.csv", "1,31,2.5,1260759144\n", "", "Say --columns user=...,item=...,time=...")]
    [InlineData("clicks import", "clicks.csv", "user,item,time\nu,i,01/12/2010\n", "", "--time-format")]
    [InlineData("clicks import", "clicks.csv", "user,item,time\nu,i,1\n", "", "--any-time")]
    public async Task A_file_that_is_not_understood_is_refused_before_a_broker_is_asked(string command, string name, string text,
        string flags, string part)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("ilora-cli").FullName, name);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        var run =
            await IloraProcess.RunAsync(
                [.. command.Split(' '), file, .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--bootstrap", "127.0.0.1:1"]);
        Assert.Equal(2, run.Code);
        Assert.Contains(part, Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--columns item", "'item' is not ROLE=COLUMN, e.g. item=sku or item=1")]
    [InlineData("--columns colour=1", "'colour' is none of user, item, time, title,")]
    [InlineData("--encoding klingon", "unknown encoding 'klingon'")]
    [InlineData("--time-format sometimes", "unknown time format 'sometimes'")]
    [InlineData("--skip-bad many", "'many' is not a number of rows")]
    [InlineData("--format shopfy", "did you mean 'shopify'?")]
    public async Task A_wrong_flag_of_reading_is_named(string flags, string part)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("ilora-cli").FullName, "clicks.csv");
        await File.WriteAllTextAsync(file, "user,item,time\nu,i,1700000000\n", TestContext.Current.CancellationToken);
        var run = await IloraProcess.RunAsync(["clicks", "import", file, .. flags.Split(' ')]);
        Assert.Equal(2, run.Code);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_one_line()
    {
        var run = await IloraProcess.RunAsync("topics", "check", "--bootstrap", "127.0.0.1:1");
        Assert.Equal((1, "ilora topics check: Kafka: no answer from 127.0.0.1:1 in 5 s; name other brokers with --bootstrap."),
            (run.Code, run.Error.TrimEnd()));
    }

    /// <summary>Commands are what a help's list names; the leaves must have an example, and every command the cluster's options.</summary>
    private static async Task VisitAsync(string[] path, List<string> missing)
    {
        var help = (await IloraProcess.RunAsync([.. path, "--help"])).Output;
        var commands = Commands(help).ToArray();
        if (commands.Length == 0 && !help.Contains("\n  ilora " + string.Join(' ', path) + " ", StringComparison.Ordinal))
            missing.Add($"{string.Join(' ', path)}: no example");
        foreach (var option in (string[])["--bootstrap", "--redis", "--version", "--help"])
            if (!help.Contains(option, StringComparison.Ordinal))
                missing.Add($"{string.Join(' ', path)}: no {option}");
        foreach (var command in commands)
            await VisitAsync([.. path, command], missing);
    }

    /// <summary>Lines indented by two blanks; further ones are of a description that takes several.</summary>
    private static IEnumerable<string> Commands(string help) => help.Split('\n')
        .SkipWhile(line => line.TrimEnd() != "Commands:").Skip(1).TakeWhile(line => line.Trim().Length == 0 || line[0] == ' ')
        .Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line.Length > 2 && line[2] != ' ')
        .Select(line => line.Trim().Split(' ')[0]);
}
