using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Local.View;

namespace ILoRA.Streaming.Local.Running;

/// <summary>The files of a run, read and found good once: a model may be fitted on them before they are streamed.</summary>
internal sealed record StreamedFiles(FileContents<ItemLine> Items, FileContents<ClickLine> Clicks)
{
    /// <summary>Says what was left out of them.</summary>
    /// <exception cref="InvalidDataException">One is not understood for certain, or has a bad row.</exception>
    public static StreamedFiles Open(LocalSettings settings, Screen screen)
    {
        settings.Check();
        var items = ItemFile.Open(settings.Items, settings.ItemsReading);
        screen.WriteLines(items.Remarks(Path.GetFileName(settings.Items)));
        var clicks = ClickFile.Open(settings.Clicks, settings.ClicksReading);
        screen.WriteLines(clicks.Remarks(Path.GetFileName(settings.Clicks)));
        return new(items, clicks);
    }
}
