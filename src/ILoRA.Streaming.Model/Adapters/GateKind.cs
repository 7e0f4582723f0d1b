namespace ILoRA.Streaming.Model.Adapters;

/// <summary>How experts are mixed, from the fewest parameters to the most.</summary>
public enum GateKind
{
    /// <summary>1/K each, whatever the sequence: an ordinary LoRA.</summary>
    Uniform,

    /// <summary>The paper's: softmax(W z).</summary>
    Linear,

    /// <summary>One hidden layer: softmax(W relu(W1 z + b1)).</summary>
    Mlp,
}
