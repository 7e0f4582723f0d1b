namespace ILoRA.Streaming.Model.Adapters;

/// <summary>How a gate computes the weights of the experts, ordered by number of parameters.</summary>
public enum GateKind
{
    /// <summary>1/K each for every sequence, which is an ordinary LoRA.</summary>
    Uniform,

    /// <summary>softmax(W z), the gate of the iLoRA paper.</summary>
    Linear,

    /// <summary>softmax(W relu(W1 z + b1)), a perceptron with one hidden layer.</summary>
    Mlp,
}
