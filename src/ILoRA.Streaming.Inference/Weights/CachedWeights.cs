namespace ILoRA.Streaming.Inference.Weights;

/// <summary>A description of one entry of the <see cref="WeightCache"/>.</summary>
/// <param name="Key">The name of its folder: the backbone's hash, the precision and the version of the file layout.</param>
/// <param name="Model">The name of the backbone's folder or GGUF file.</param>
/// <param name="Bytes">Its size on disk in bytes.</param>
/// <param name="LastUsed">The time at which a process last opened or closed it.</param>
/// <param name="InUse">Whether a process has it open.</param>
public sealed record CachedWeights(string Key, string Model, long Bytes, DateTimeOffset LastUsed, bool InUse);
