namespace ILoRA.Streaming.Inference.Sessions;

/// <summary>The device that runs the graph.</summary>
public enum Device
{
    Cpu,

    /// <summary>An NVIDIA GPU; needs a host built with <c>-p:Accelerator=cuda</c>.</summary>
    Cuda,
}
