namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>The value of <c>--columns</c>: <c>user=customer,item=3,type=-</c>.</summary>
public static class ColumnFlag
{
    /// <summary>In place of a column: the role is not read.</summary>
    public const string None = "-";

    public static string Roles { get; } = string.Join(", ", Enum.GetNames<ColumnRole>()).ToLowerInvariant();

    /// <summary>Null where <paramref name="problem"/> says what is wrong.</summary>
    public static IReadOnlyDictionary<ColumnRole, string>? Parse(string text, out string problem)
    {
        var columns = new Dictionary<ColumnRole, string>();
        problem = "";
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            var (name, column) = at > 0 ? (part[..at].Trim(), part[(at + 1)..].Trim()) : (part, "");
            if (column.Length == 0)
                problem = $"'{part}' is not ROLE=COLUMN, e.g. item=sku or item=1";
            else if (!Enum.GetNames<ColumnRole>().Contains(name, StringComparer.OrdinalIgnoreCase))
                problem = $"'{name}' is none of {Roles}";
            else if (!columns.TryAdd(Enum.Parse<ColumnRole>(name, ignoreCase: true), column))
                problem = $"'{name}' is given twice";
            else if (column != None && columns.First(other => other.Value == column) is var first && !Named(first.Key, name))
                problem = $"'{column}' is given for {first.Key.Word()} and for {name}";
        }
        return problem.Length == 0 ? columns : null;
    }

    private static bool Named(ColumnRole role, string name) => role.ToString().Equals(name, StringComparison.OrdinalIgnoreCase);
}
