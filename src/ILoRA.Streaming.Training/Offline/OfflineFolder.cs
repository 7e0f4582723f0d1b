using System.Security.Cryptography;
using System.Text;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>
/// The output folder of an offline fit. Each part is written under a temporary name and then renamed, so that a stopped fit resumes after
/// the last complete part.
/// </summary>
public sealed class OfflineFolder
{
    private const string KeyFile = "fit.key";
    private const string PartialEnding = ".partial";

    private OfflineFolder(string root) => Root = root;

    public string Root { get; }

    /// <summary>The tiny backbone; missing where a backbone was given.</summary>
    public string Backbone => Path.Combine(Root, "backbone");

    /// <summary>The encoder, in the format of <c>fit encoder</c>.</summary>
    public string Encoder => Path.Combine(Root, "encoder.safetensors");

    /// <summary>The snapshot folder, which <c>adapters publish</c> accepts.</summary>
    public string Adapter => Path.Combine(Root, "adapter");

    /// <summary>The result of the hold-out evaluation.</summary>
    public string Verdict => Path.Combine(Root, "verdict.json");

    /// <summary>The fit on the earlier clicks, which is deleted after its evaluation.</summary>
    internal OfflineFolder Judged => new(Path.Combine(Root, "judged"));

    /// <summary>The adapter fit's checkpoint.</summary>
    internal string Checkpoint => Path.Combine(Root, "fit.checkpoint");

    /// <summary>Whether the fit is complete.</summary>
    public bool IsDone => Directory.Exists(Adapter);

    /// <summary>Opens the folder of a fit, and removes the parts of another fit from it.</summary>
    /// <param name="root">The folder; created if missing.</param>
    /// <param name="key">The hash of the fit's data and settings (<see cref="KeyOf"/>).</param>
    internal static OfflineFolder Open(string root, string key)
    {
        var folder = new OfflineFolder(Path.GetFullPath(root));
        Directory.CreateDirectory(folder.Root);
        if (!folder.Holds(key))
        {
            folder.Clear();
            File.WriteAllText(Path.Combine(folder.Root, KeyFile), key);
        }
        return folder;
    }

    /// <summary>Whether the folder belongs to the fit with this key, complete or not.</summary>
    internal bool Holds(string key) => Path.Combine(Root, KeyFile) is var file && File.Exists(file) && File.ReadAllText(file) == key;

    /// <summary>A folder that may be empty or belong to another fit.</summary>
    internal static OfflineFolder At(string root) => new(Path.GetFullPath(root));

    /// <summary>Writes a part unless it exists.</summary>
    /// <param name="path">The part's file or folder.</param>
    /// <param name="make">Writes the part to a temporary path.</param>
    internal static void Once(string path, Action<string> make)
    {
        if (Path.Exists(path))
            return;
        var partial = path + PartialEnding;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Remove(partial);
        make(partial);
        Directory.Move(partial, path);
    }

    /// <summary>A hash of data and settings.</summary>
    internal static string KeyOf(OfflineData data, OfflineFitOptions options, string backbone)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add($"{options with { Backbone = null }}|{string.Join(' ', options.Adapter.Shape.Targets)}|{backbone}");
        foreach (var item in data.Items)
            Add($"{item.Item}\t{item.Title}");
        foreach (var click in data.Clicks)
            Add($"{click.User}\t{click.Item}\t{click.Time.UtcTicks}");
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string line) => hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
    }

    /// <summary>Removes the parts of a fit, but no other files in the folder.</summary>
    private void Clear()
    {
        foreach (var path in (string[])[Backbone, Encoder, Adapter, Verdict, Judged.Root, Checkpoint])
        {
            Remove(path);
            Remove(path + PartialEnding);
        }
    }

    internal static void Remove(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }
}
