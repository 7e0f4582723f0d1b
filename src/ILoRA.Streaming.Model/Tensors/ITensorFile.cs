namespace ILoRA.Streaming.Model.Tensors;

/// <summary>Named tensors in files, read on demand: a safetensors file, several with an index, or a GGUF file.</summary>
public interface ITensorFile
{
    /// <summary>The file's name, for messages.</summary>
    string Source { get; }

    /// <summary>Whether there is a tensor with this name.</summary>
    bool Contains(string name);

    /// <summary>The dimensions of a tensor.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor.</exception>
    IReadOnlyList<int> Shape(string name);

    /// <summary>The element type of a tensor as the file format names it, e.g. <c>BF16</c>.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor.</exception>
    string Type(string name);

    /// <summary>Reads a tensor as float32.</summary>
    /// <exception cref="InvalidDataException">It is missing or its type cannot be converted to float32.</exception>
    Tensor Read(string name);

    /// <summary>Reads consecutive rows of a matrix as float32, without reading the other rows.</summary>
    /// <param name="name">The name of a tensor with two dimensions.</param>
    /// <param name="first">The index of the first row.</param>
    /// <param name="into">Receives the rows; its length is a multiple of the row length.</param>
    /// <exception cref="InvalidDataException">The tensor is missing or its type cannot be converted to float32.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The matrix has no such rows.</exception>
    void ReadRows(string name, int first, Span<float> into);
}
