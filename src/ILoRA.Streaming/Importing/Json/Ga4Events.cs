using System.Text.Json;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>
/// Events of Google Analytics 4 as BigQuery exports them: one click for each item of an event that is one; items by any event that lists
/// them.
/// </summary>
internal sealed class Ga4Events(FileKind kind, JsonMapping mapping) : JsonShape
{
    /// <summary>What Analytics writes where it was told nothing.</summary>
    public const string NotSet = "(not set)";

    /// <summary>The events that are a user's interest in an item; as which type of click says <see cref="ClickTypes"/>.</summary>
    private static readonly HashSet<string> Interests =
        new(StringComparer.Ordinal) { "view_item", "select_item", "add_to_cart", "purchase" };

    private readonly HashSet<string> titled = new(StringComparer.Ordinal);

    /// <summary>With the line on which each was seen first.</summary>
    private readonly Dictionary<string, long> untitled = new(StringComparer.Ordinal);

    /// <summary>Null where the event is not a user's interest in an item.</summary>
    public static ClickType? TypeOf(string eventName)
        => Interests.Contains(eventName) && ClickTypes.TryParse(eventName, out var type) ? type : null;

    /// <summary>What an event is called that is left out, in the plural.</summary>
    public static string Named(string eventName) => eventName.Length > 0 ? $"{eventName} events" : "events without a name";

    public static bool Has(IReadOnlyCollection<string> names)
        => names.Contains("event_name") && names.Contains("event_timestamp")
            && (names.Contains("items") || names.Contains("event_params") || names.Contains("user_pseudo_id"));

    public static Dictionary<ColumnRole, JsonPath[]> Paths(FileKind kind) => kind == FileKind.Items
        ? new() { [ColumnRole.Item] = [JsonPath.Parse("items[].item_id")], [ColumnRole.Title] = [JsonPath.Parse("items[].item_name")] }
        : new()
        {
            [ColumnRole.User] = [JsonPath.Parse("user_id"), JsonPath.Parse("user_pseudo_id")],
            [ColumnRole.Item] = [JsonPath.Parse("items[].item_id")],
            [ColumnRole.Time] = [JsonPath.Parse("event_timestamp")],
            [ColumnRole.Session] = [JsonPath.Parse("event_params[ga_session_id]")],
        };

    public override IEnumerable<FileRecord> Records(JsonElement root, long line)
    {
        if (kind == FileKind.Items)
            return mapping.Records(root, line, Attributes).Where(IsNewItem);
        var name = root.TryGetProperty("event_name", out var member) && member.ValueKind == JsonValueKind.String ? member.GetString()! : "";
        return TypeOf(name) is { } type
            ? mapping.Records(root, line).Select(record => Click(record, type))
            : [LeftOut(line, Named(name))];
    }

    public override IEnumerable<FileRecord> End() => untitled.Select(item => LeftOut(item.Value, "items without a name"));

    private static FileRecord Click(FileRecord record, ClickType type) => record switch
    {
        { Problem: not null } => record,
        _ when Given(record, ColumnRole.Item) is null => LeftOut(record.Line, "entries without an item's id"),
        _ when Given(record, ColumnRole.User) is null => LeftOut(record.Line, "clicks without a user"),
        _ when record[ColumnRole.Type] is not null => record,
        _ => record.With(ColumnRole.Type, type.ToString().ToLowerInvariant()),
    };

    /// <summary>An item is listed again and again: the first time that it has a name counts.</summary>
    private bool IsNewItem(FileRecord record)
    {
        if (record.Problem is not null)
            return true;
        if (Given(record, ColumnRole.Item) is not { } item || titled.Contains(item))
            return false;
        if (Given(record, ColumnRole.Title) is null)
        {
            untitled.TryAdd(item, record.Line);
            return false;
        }
        untitled.Remove(item);
        return titled.Add(item);
    }

    private static string? Given(FileRecord record, ColumnRole role) => record[role] is { } value && value != NotSet ? value : null;

    private static JsonAttributes Attributes(JsonElement item)
        => JsonAttributes.Of(item, ("item_brand", "brand"), ("item_category", "category"));
}
