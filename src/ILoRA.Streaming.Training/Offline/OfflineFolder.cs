using System.Security.Cryptography;
using System.Text;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Training.Trials;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>Where an offline fit leaves its parts. Each is written whole under another name and then moved, so that a fit that was stopped
/// goes on after the last one.</summary>
public sealed class OfflineFolder
{
    private const string KeyFile = "fit.key";
    private const string PartialEnding = ".partial";

    private OfflineFolder(string root) => Root = root;

    public string Root { get; }

    /// <summary>The tiny language model; missing where one was given.</summary>
    public string Backbone => Path.Combine(Root, "backbone");

    /// <summary>What <c>fit encoder</c> would write.</summary>
    public string Encoder => Path.Combine(Root, "encoder.safetensors");

    /// <summary>What <c>adapters publish</c> takes.</summary>
    public string Adapter => Path.Combine(Root, "adapter");

    public string Verdict => Path.Combine(Root, "verdict.json");

    /// <summary>The fit on the earlier clicks, until the verdict on it is there.</summary>
    internal OfflineFolder Judged => new(Path.Combine(Root, "judged"));

    /// <summary>The adapter fit's checkpoint.</summary>
    internal string Checkpoint => Path.Combine(Root, "fit.checkpoint");

    /// <summary>Whether the last part is there.</summary>
    public bool IsDone => Directory.Exists(Adapter);

    /// <param name="root">Made where missing.</param>
    /// <param name="key">Of data and settings; what another fit left in the folder is removed.</param>
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

    /// <summary>Whether the folder is of this fit, done or not.</summary>
    internal bool Holds(string key) => Path.Combine(Root, KeyFile) is var file && File.Exists(file) && File.ReadAllText(file) == key;

    /// <summary>A folder that may hold another fit, or none.</summary>
    internal static OfflineFolder At(string root) => new(Path.GetFullPath(root));

    /// <summary>Makes a part unless it is there.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <param name="make">Writes it to the path that it is given.</param>
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

    /// <summary>Removes what a fit leaves, and nothing else that may lie in the folder.</summary>
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
