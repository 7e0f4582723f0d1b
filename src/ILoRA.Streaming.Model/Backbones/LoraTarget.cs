namespace ILoRA.Streaming.Model.Backbones;

/// <summary>The linear layers of a decoder block, in the order of the forward pass. A LoRA adapts some of them.</summary>
public enum LoraTarget
{
    Q,
    K,
    V,
    O,
    Gate,
    Up,
    Down,
}
