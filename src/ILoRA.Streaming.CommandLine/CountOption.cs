using System.CommandLine;
using System.Globalization;

namespace ILoRA.Streaming.CommandLine;

/// <summary>Options that count something.</summary>
public static class CountOption
{
    /// <param name="option">A whole number.</param>
    /// <param name="least">A smaller one is refused.</param>
    public static Option<T> AtLeast<T>(this Option<T> option, long least)
    {
        option.Validators.Add(result =>
        {
            // What is no whole number at all is the parser's to refuse.
            if (result.Tokens is [var token]
                && long.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                && value < least)
                result.AddError($"{option.Name} {value}: {least} or more is needed");
        });
        return option;
    }
}
