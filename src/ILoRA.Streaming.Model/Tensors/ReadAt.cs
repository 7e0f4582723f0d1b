namespace ILoRA.Streaming.Model.Tensors;

/// <summary>Fills a span with a file's bytes from an offset; the whole span lies inside the file.</summary>
internal delegate void ReadAt(long offset, Span<byte> into);
