using System.CommandLine;
using System.CommandLine.Parsing;

namespace ILoRA.Streaming.CommandLine;

/// <summary>Refuses paths of files that are not there, and folders in their place.</summary>
public static class ExistingFile
{
    public static Option<T> AcceptExistingFile<T>(this Option<T> option)
    {
        option.Validators.Add(Check);
        return option;
    }

    public static Argument<T> AcceptExistingFile<T>(this Argument<T> argument)
    {
        argument.Validators.Add(Check);
        return argument;
    }

    private static void Check(SymbolResult result)
    {
        foreach (var path in result.Tokens.Select(token => token.Value))
            if (Directory.Exists(path))
                result.AddError($"'{path}' is a folder; give the file itself");
            else if (!File.Exists(path))
                result.AddError($"File does not exist: '{path}'");
    }
}
