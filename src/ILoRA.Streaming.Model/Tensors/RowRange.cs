namespace ILoRA.Streaming.Model.Tensors;

/// <summary>Checks a range of consecutive rows of a matrix.</summary>
internal static class RowRange
{
    /// <summary>The index of the first value of a range of rows.</summary>
    /// <param name="shape">The shape of the matrix.</param>
    /// <param name="first">The index of the first row.</param>
    /// <param name="count">The number of values to read.</param>
    /// <returns>The index in the row-major matrix.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The values are not whole rows of the matrix.</exception>
    public static int Start(IReadOnlyList<int> shape, int first, int count) =>
        shape.Count == 2 && first >= 0 && count % shape[1] == 0 && count / shape[1] <= shape[0] - first
            ? first * shape[1]
            : throw new ArgumentOutOfRangeException(nameof(first),
                $"{count} numbers from row {first} on are no rows of [{string.Join(", ", shape)}].");
}
