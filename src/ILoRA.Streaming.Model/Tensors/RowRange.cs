namespace ILoRA.Streaming.Model.Tensors;

/// <summary>Rows of a matrix that are read without the others.</summary>
internal static class RowRange
{
    /// <param name="shape">The matrix's.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many numbers are read.</param>
    /// <returns>The place of the first number.</returns>
    /// <exception cref="ArgumentOutOfRangeException">These are no whole rows of it.</exception>
    public static int Start(IReadOnlyList<int> shape, int first, int count) =>
        shape.Count == 2 && first >= 0 && count % shape[1] == 0 && count / shape[1] <= shape[0] - first
            ? first * shape[1]
            : throw new ArgumentOutOfRangeException(nameof(first), $"{count} numbers from row {first} on are no rows of [{string.Join(", ", shape)}].");
}
