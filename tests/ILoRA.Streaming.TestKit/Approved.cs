namespace ILoRA.Streaming.TestKit;

/// <summary>
/// Texts in the repository that show the product's surface, so that a change of it is seen in review. With ILORA_APPROVE=1 in the
/// environment a test writes its text anew instead of comparing it.
/// </summary>
public static class Approved
{
    public const string Variable = "ILORA_APPROVE";

    /// <summary>A file in <c>tests/approved</c>.</summary>
    public static string PathOf(string name) => Repository.PathOf("tests", "approved", name);

    /// <summary>What the file holds; after it was written anew, where that is wanted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">The surface as it is.</param>
    public static string Read(string path, string text)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }
}
