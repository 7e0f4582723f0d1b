namespace ILoRA.Streaming.Model.Tensors;

/// <summary>Named tensors that are read as they are asked for: one safetensors file, several with an index, or a GGUF file.</summary>
public interface ITensorFile
{
    /// <summary>The file's name, for messages.</summary>
    string Source { get; }

    bool Contains(string name);

    /// <exception cref="InvalidDataException">There is no such tensor.</exception>
    IReadOnlyList<int> Shape(string name);

    /// <summary>The file's own name of the numbers' type, e.g. <c>BF16</c>.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor.</exception>
    string Type(string name);

    /// <summary>The tensor as float32.</summary>
    /// <exception cref="InvalidDataException">It is missing or of a type that has no such value.</exception>
    Tensor Read(string name);

    /// <summary>Some rows of a matrix as float32, without reading the others.</summary>
    /// <param name="name">Of a tensor of two dimensions.</param>
    /// <param name="first">The first row.</param>
    /// <param name="into">Filled with that row and those after it: a multiple of the row's length.</param>
    /// <exception cref="InvalidDataException">It is missing or of a type that has no such value.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It has no such rows.</exception>
    void ReadRows(string name, int first, Span<float> into);
}
