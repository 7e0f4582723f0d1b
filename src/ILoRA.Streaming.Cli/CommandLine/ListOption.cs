using System.CommandLine;
using System.CommandLine.Parsing;

namespace ILoRA.Streaming.Cli.CommandLine;

/// <summary>An option that takes a list: <c>1,2,4</c>, or one argument each.</summary>
internal static class ListOption
{
    /// <param name="name">With its dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="helpName">What the help calls the value.</param>
    /// <param name="usual">What holds where the flag is not given.</param>
    /// <param name="parse">Makes the values of the texts; says by AddError what is wrong with one.</param>
    public static Option<T[]> Create<T>(string name, string description, string helpName, T[] usual,
        Func<ArgumentResult, string[], T[]> parse) => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser =
            result =>
                parse(result, [.. result.Tokens.SelectMany(token => token.Value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))]),
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore,
            DefaultValueFactory = _ => usual,
        };
}
