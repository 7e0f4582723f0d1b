using System.Runtime.InteropServices;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>
/// Reads and writes <see cref="ItemNeighbours"/> as a snapshot's part: weights as F32, starts and rows as raw little-endian int32.
/// </summary>
public static class NeighbourTensors
{
    internal const string Weights = "neighbours.weights";

    private const string Starts = "neighbours.starts";
    private const string Rows = "neighbours.rows";

    public static byte[] Write(ItemNeighbours neighbours) => SafetensorsWriter.Write(
        [new Tensor(Weights, [neighbours.Weights.Length], neighbours.Weights)],
        null,
        new Dictionary<string, byte[]> { [Starts] = Bytes(neighbours.Starts), [Rows] = Bytes(neighbours.Rows) });

    /// <summary>Reads the part.</summary>
    /// <exception cref="InvalidDataException">The starts or rows are not ascending, a row is outside the table, or a weight is
    /// negative.</exception>
    public static ItemNeighbours Read(SafetensorsFile file)
    {
        var (starts, rows) = (Numbers(file, Starts), Numbers(file, Rows));
        var weights = ShapedTensor.Read(file, Weights, rows.Length);
        if (starts.Length == 0 || starts[0] != 0 || starts[^1] != rows.Length
            || starts.Zip(starts.Skip(1)).Any(pair => pair.First > pair.Second))
            throw new InvalidDataException($"{file.Source}: '{Starts}' must rise from 0 to {rows.Length}; retrain or roll back.");
        var count = starts.Length - 1;
        var wrong = Array.FindIndex(rows, row => row < 0 || row >= count);
        if (wrong >= 0)
            throw new InvalidDataException($"{file.Source}: neighbour {rows[wrong]} is no row of {count}; retrain or roll back.");
        for (var row = 0; row < count; row++)
            for (var at = starts[row] + 1; at < starts[row + 1]; at++)
                if (rows[at] <= rows[at - 1])
                    throw new InvalidDataException(
                        $"{file.Source}: the neighbours of row {row} must rise, each once: {rows[at - 1]} stands before {rows[at]}; "
                            + "retrain or roll back.");
        return Array.TrueForAll(weights, weight => weight >= 0)
            ? new ItemNeighbours(starts, rows, weights)
            : throw new InvalidDataException($"{file.Source}: '{Weights}' holds a weight below 0; retrain or roll back.");
    }

    private static byte[] Bytes(int[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static int[] Numbers(SafetensorsFile file, string name)
    {
        var bytes = file.ReadBytes(name);
        return bytes.Length % sizeof(int) == 0
            ? MemoryMarshal.Cast<byte, int>(bytes).ToArray()
            : throw new InvalidDataException(
                $"{file.Source}: '{name}' has {bytes.Length} bytes, which is not a multiple of 4; retrain or roll back.");
    }
}
