namespace ILoRA.Streaming.Model.Backbones;

/// <summary>The names that Hugging Face and PEFT give the linear layers.</summary>
public static class LoraTargets
{
    /// <summary>e.g. <c>q_proj</c></summary>
    public static string PeftName(LoraTarget target) => $"{ShortName(target)}_proj";

    /// <summary>e.g. <c>q</c>, as manifests and flags write it.</summary>
    public static string ShortName(LoraTarget target) => target switch
    {
        LoraTarget.Q => "q",
        LoraTarget.K => "k",
        LoraTarget.V => "v",
        LoraTarget.O => "o",
        LoraTarget.Gate => "gate",
        LoraTarget.Up => "up",
        _ => "down",
    };

    /// <summary>e.g. <c>self_attn.q_proj</c></summary>
    public static string ModuleOf(LoraTarget target) => (target < LoraTarget.Gate ? "self_attn." : "mlp.") + PeftName(target);

    /// <summary>Reads <c>q</c> or <c>q_proj</c>.</summary>
    /// <exception cref="InvalidDataException">No linear layer has that name.</exception>
    public static LoraTarget Parse(string name)
    {
        foreach (var target in Enum.GetValues<LoraTarget>())
            if (name == ShortName(target) || name == PeftName(target))
                return target;
        throw new InvalidDataException($"'{name}' is no linear layer of a decoder block; there are {string.Join(" ", Enum.GetValues<LoraTarget>().Select(ShortName))}.");
    }
}
