using System.CommandLine;
using System.CommandLine.Parsing;
using ILoRA.Streaming.Configuration;

namespace ILoRA.Streaming.CommandLine;

/// <summary>What is wrong with a command line, in one line, with the nearest name where one was mistyped.</summary>
internal static class UsageErrors
{
    /// <returns>Null where the command line is right (or asks for help).</returns>
    public static string? Describe(ParseResult parsed)
    {
        if (parsed.Action is { ClearsParseErrors: true })
            return null;
        var commands = parsed.CommandResult.Command.Subcommands;
        // Where a command must follow, the options behind a misspelt one are not this command's.
        var isGroup = parsed.CommandResult.Command.Action is null && commands.Count > 0;
        if (isGroup && parsed.UnmatchedTokens.FirstOrDefault(word => !word.StartsWith('-')) is { } misspelt)
            return UnknownCommand(misspelt, parsed);
        if (UnknownOption(parsed) is { } option)
            return Renamed.TryGetValue(option, out var name)
                ? $"option '{option}' was renamed to '{name}'"
                : Unknown("option", option, VisibleOptions(parsed.CommandResult), parsed);
        if (parsed.UnmatchedTokens is [var token, ..])
            return commands.Count > 0
                ? UnknownCommand(token, parsed)
                : $"unexpected argument '{token}'. {SeeHelp(parsed)}";
        if (parsed.Errors.Count == 0)
            return null;
        if (isGroup)
            return $"say which: {string.Join(", ", commands.Select(command => command.Name))}. {SeeHelp(parsed)}";
        var message = parsed.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.');
        return $"{message}{(message.EndsWith('?') ? "" : ".")} {SeeHelp(parsed)}";
    }

    /// <summary>The command with its parents, e.g. <c>ilora topics create</c>.</summary>
    public static string NameOf(CommandResult result)
        => result.Parent is CommandResult parent ? $"{NameOf(parent)} {result.Command.Name}" : result.Command.Name;

    private static readonly Dictionary<string, string> Renamed = new() { ["--prefix"] = "--namespace" };

    private static string SeeHelp(ParseResult parsed) => $"See '{NameOf(parsed.CommandResult)} --help'.";

    private static string Unknown(string kind, string given, IEnumerable<string> known, ParseResult parsed)
        => NearestName.Of(given, known) is { } near
            ? $"unknown {kind} '{given}'; did you mean '{near}'?"
            : $"unknown {kind} '{given}'. {SeeHelp(parsed)}";

    private static string UnknownCommand(string given, ParseResult parsed)
        => Unknown("command", given, parsed.CommandResult.Command.Subcommands.Select(command => command.Name), parsed);

    /// <summary>
    /// The parser hands an unknown --name to whatever argument or option still takes a value; no value of ours starts so.
    /// </summary>
    private static string? UnknownOption(ParseResult parsed)
        => parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))
            .Select(token => token.Value)
            .FirstOrDefault();

    private static IEnumerable<string> VisibleOptions(CommandResult result)
    {
        var own = result.Command.Options.SelectMany(option => option.Aliases.Prepend(option.Name));
        for (var parent = result.Parent as CommandResult; parent is not null; parent = parent.Parent as CommandResult)
            own = own.Concat(parent.Command.Options.Where(option => option.Recursive).Select(option => option.Name));
        return own;
    }
}
