namespace ILoRA.Streaming.Inference.Sessions;

/// <summary>Where the graph runs.</summary>
public enum Device
{
    Cpu,

    /// <summary>NVIDIA; needs a host built with <c>-p:Accelerator=cuda</c>.</summary>
    Cuda,
}
