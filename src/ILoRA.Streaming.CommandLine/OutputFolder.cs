using System.CommandLine;
using System.CommandLine.Parsing;
using ILoRA.Streaming.Configuration;

namespace ILoRA.Streaming.CommandLine;

/// <summary>Refuses paths that a result could not be written to, before the work that takes minutes.</summary>
public static class OutputFolder
{
    /// <summary>For an option whose value is a folder to be written.</summary>
    public static Option<string> AcceptWritableFolder(this Option<string> option)
    {
        option.Validators.Add(result => Check(result, path => path));
        return option;
    }

    /// <summary>For an option whose value is a file to be written.</summary>
    public static Option<FileInfo> AcceptWritableFile(this Option<FileInfo> option)
    {
        option.Validators.Add(result => Check(result, path => Path.GetDirectoryName(Path.GetFullPath(path))!));
        return option;
    }

    private static void Check(OptionResult result, Func<string, string> folderOf)
    {
        foreach (var token in result.Tokens)
            if (token.Value.Length > 0 && WritableFolder.Mistake(folderOf(token.Value)) is { } mistake)
                result.AddError($"{result.Option.Name} {mistake}");
    }
}
