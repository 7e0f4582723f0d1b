namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>What a column of a file means to an item or a click.</summary>
public enum ColumnRole
{
    User,
    Item,
    Time,
    Title,

    /// <summary>The click's own id.</summary>
    Id,

    /// <summary>The click's type.</summary>
    Type,
    Session,
    Recommendation,

    /// <summary>Whether the item is no longer recommended.</summary>
    Deleted,
}

/// <summary>The roles' names on a command line and in messages.</summary>
public static class ColumnRoles
{
    public static string Word(this ColumnRole role) => role.ToString().ToLowerInvariant();

    /// <summary>Whether the column holds ids.</summary>
    internal static bool IsId(this ColumnRole role)
        => role is ColumnRole.User or ColumnRole.Item or ColumnRole.Id or ColumnRole.Session or ColumnRole.Recommendation;
}
