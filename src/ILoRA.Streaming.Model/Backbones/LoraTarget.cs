namespace ILoRA.Streaming.Model.Backbones;

/// <summary>A linear layer of a decoder block, which a LoRA can adapt; in the order of the forward pass.</summary>
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
