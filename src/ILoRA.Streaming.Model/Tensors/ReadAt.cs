namespace ILoRA.Streaming.Model.Tensors;

/// <summary>Fills a span with the bytes of a file from an offset. The range must lie inside the file.</summary>
internal delegate void ReadAt(long offset, Span<byte> into);
