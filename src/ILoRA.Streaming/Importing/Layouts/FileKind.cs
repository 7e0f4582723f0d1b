namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>What a file is read for.</summary>
internal enum FileKind
{
    Items,
    Clicks,
}
