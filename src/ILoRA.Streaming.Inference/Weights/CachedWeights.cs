namespace ILoRA.Streaming.Inference.Weights;

/// <summary>One entry of the cache.</summary>
/// <param name="Key">Its folder: the backbone's hash, the precision and the layout of the file.</param>
/// <param name="Model">The name of the backbone's folder or GGUF file.</param>
/// <param name="Bytes">What it takes on disk.</param>
/// <param name="LastUsed">When a process last opened or closed it.</param>
/// <param name="InUse">Whether a process has it open.</param>
public sealed record CachedWeights(string Key, string Model, long Bytes, DateTimeOffset LastUsed, bool InUse);
