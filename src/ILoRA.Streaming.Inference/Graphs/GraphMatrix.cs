namespace ILoRA.Streaming.Inference.Graphs;

/// <summary>Operations on row-major matrices.</summary>
internal static class GraphMatrix
{
    /// <summary>Transposes a matrix.</summary>
    /// <param name="values">[rows, columns]</param>
    /// <returns>[columns, rows]</returns>
    public static float[] Transpose(ReadOnlySpan<float> values, int rows, int columns)
    {
        var transposed = new float[values.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                transposed[column * rows + row] = values[row * columns + column];
        }
        return transposed;
    }
}
