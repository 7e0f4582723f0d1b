namespace ILoRA.Streaming.Importing;

/// <summary>What a file is read for.</summary>
internal enum FileKind
{
    Items,
    Clicks,
}
