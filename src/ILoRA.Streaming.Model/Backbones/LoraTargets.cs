namespace ILoRA.Streaming.Model.Backbones;

/// <summary>The names of the linear layers of a decoder block in Hugging Face's models and in PEFT.</summary>
public static class LoraTargets
{
    /// <summary>PEFT's name, e.g. <c>q_proj</c>.</summary>
    public static string PeftName(LoraTarget target) => $"{ShortName(target)}_proj";

    /// <summary>The name in manifests and command-line options, e.g. <c>q</c>.</summary>
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

    /// <summary>The module's name within its decoder block, e.g. <c>self_attn.q_proj</c>.</summary>
    public static string ModuleOf(LoraTarget target) => (target < LoraTarget.Gate ? "self_attn." : "mlp.") + PeftName(target);

    /// <summary>Parses a short name (<c>q</c>) or PEFT's (<c>q_proj</c>).</summary>
    /// <exception cref="InvalidDataException">No linear layer has that name.</exception>
    public static LoraTarget Parse(string name)
    {
        foreach (var target in Enum.GetValues<LoraTarget>())
            if (name == ShortName(target) || name == PeftName(target))
                return target;
        throw new InvalidDataException(
            $"'{name}' is not a linear layer of a decoder block; there are "
            + $"{string.Join(" ", Enum.GetValues<LoraTarget>().Select(ShortName))}.");
    }
}
