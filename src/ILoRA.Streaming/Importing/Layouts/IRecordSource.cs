namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>A file whose layout is understood, as rows by the meaning of their columns; may be read several times.</summary>
internal interface IRecordSource
{
    FileLayout Layout { get; }

    /// <summary>In the file's order; a row that cannot be read has a <see cref="FileRecord.Problem"/>.</summary>
    IEnumerable<FileRecord> Read();
}
