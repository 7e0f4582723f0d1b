using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Retail;

/// <summary>Files of the sample that the local host ships.</summary>
public static class Sample
{
    static readonly string Folder = Repository.PathOf("src", "ILoRA.Streaming.Local", "Sample");

    public static string Clicks => Path.Combine(Folder, "clicks.tsv.gz");
    public static string Items => Path.Combine(Folder, "items.tsv");
    public static string Backbone => Path.Combine(Folder, "backbone");
    public static string Snapshot => Path.Combine(Folder, "snapshot");
}
