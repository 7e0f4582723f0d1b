using System.Globalization;
using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Delimited;

/// <summary>Finds which column holds what by the names in the first row, and by what the user said of them.</summary>
/// <param name="kind">What the file is read for.</param>
/// <param name="reading">What the user said.</param>
internal sealed class HeaderColumns(FileKind kind, FileReading reading)
{
    /// <summary>Catalogues of one's own are narrower; wider ones are exports of shops, whose rows are not all items for sale.</summary>
    public const int WidestUnnamed = 20;

    private static readonly FileFormat[] Unnamed = [FileFormat.Csv, FileFormat.Tsv, FileFormat.RecBole];

    /// <summary>Roles that mean nothing to this kind of file are left out: one --columns may serve for items and clicks.</summary>
    private readonly Dictionary<ColumnRole, string> given = (reading.Columns ?? new Dictionary<ColumnRole, string>())
        .Where(column => ColumnAliases.Of(kind).ContainsKey(column.Key)).ToDictionary();

    /// <summary>Whether the user gave every needed column by its position; the first row may then be data.</summary>
    public bool IsByPosition => ColumnAliases.Required(kind).All(given.ContainsKey) && given.Values.All(IsPosition);

    /// <summary>Null where the row is no header that is understood; <paramref name="doubt"/> says why.</summary>
    public (ColumnChoice Columns, NamedFormat? Format)? Of(IReadOnlyList<string> row, out string doubt)
    {
        var plain = row.Select(HeaderName.Plain).ToArray();
        var named = NamedFormats.All.FirstOrDefault(format => format.Kind == kind && Wanted(format.Format) && format.Matches(plain));
        doubt = named is null && reading.Format is { } format && !Unnamed.Contains(format)
            ? $"the first line is not the header of a {FileFormats.NameOf(format)} file of {kind}".ToLowerInvariant()
            : "";
        if (doubt.Length == 0 && named is null && IsUnknownExport(row))
            doubt = $"a header of {row.Count} columns is a shop's export in a form or language that is not known, in which variants and "
                + "unpublished products cannot be told from items for sale; export it in English, or name the columns";
        if (doubt.Length > 0)
            return null;
        var places = OfAliases(row, named, ref doubt);
        foreach (var (role, place) in named is null ? [] : OfFormat(named, row, plain))
            places[role] = place;
        foreach (var (role, column) in given)
            Give(role, column, row, plain, places, ref doubt);
        var missing = ColumnAliases.Required(kind).Where(role => !places.ContainsKey(role)).ToArray();
        if (doubt.Length == 0 && missing.Length > 0)
            doubt = $"no column is known to be the {string.Join(" or the ", missing.Select(ColumnRoles.Word))}";
        if (doubt.Length > 0)
            return null;
        var attributes = kind == FileKind.Items ? Attributes(named, row, plain, places) : [];
        return (new ColumnChoice(places, [.. row]) { Attributes = attributes }, named);
    }

    /// <summary>The highest position that the user gave; 0 for none.</summary>
    public int LastPosition => given.Values.Where(column => column != ColumnFlag.None && IsPosition(column))
        .Select(column => Position(column) + 1).DefaultIfEmpty().Max();

    /// <summary>Whether a known name stands where the user says that a column is, or the row holds known names alone.</summary>
    public bool IsNamed(IReadOnlyList<string> row)
        => Positions().Any(place => ColumnAliases.RoleOf(kind, row[place.Value]) == place.Key)
            || row.All(name => ColumnAliases.RoleOf(kind, name) is not null);

    /// <summary>The columns that the user gave by position.</summary>
    public IReadOnlyDictionary<ColumnRole, int> Positions()
        => given.Where(column => column.Value != ColumnFlag.None).ToDictionary(column => column.Key, column => Position(column.Value));

    private bool IsUnknownExport(IReadOnlyList<string> row) => kind == FileKind.Items && reading.Format is null
        && row.Count > WidestUnnamed && !ColumnAliases.Required(kind).All(given.ContainsKey);

    private bool Wanted(FileFormat format)
        => reading.Format is null || Unnamed.Contains(reading.Format.Value) || reading.Format == format;

    private static bool IsPosition(string column) => column == ColumnFlag.None
        || (int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position > 0);

    private static int Position(string column) => int.Parse(column, CultureInfo.InvariantCulture) - 1;

    /// <summary>The product's own name of a role goes before the format's.</summary>
    private static Dictionary<ColumnRole, int> OfFormat(NamedFormat format, IReadOnlyList<string> row, string[] plain)
    {
        int PlaceOf(ColumnRole role, string[] names) => row.ToList().FindIndex(name => ColumnAliases.IsOwn(role, name)) is >= 0 and var own
            ? own
            : Array.IndexOf(plain, names.First(plain.Contains));
        return format.Columns.ToDictionary(column => column.Key, column => PlaceOf(column.Key, column.Value));
    }

    /// <summary>Of a format, the roles that it says nothing of: a type or a deletion is never left unread.</summary>
    private Dictionary<ColumnRole, int> OfAliases(IReadOnlyList<string> row, NamedFormat? format, ref string doubt)
    {
        var places = new Dictionary<ColumnRole, int>();
        foreach (var role in row.GroupBy(name => ColumnAliases.RoleOf(kind, name)))
        {
            if (role.Key is not { } known || format?.Columns.ContainsKey(known) == true)
                continue;
            var candidates = ColumnAliases.Foremost(known, [.. role]);
            if (candidates.Count == 1)
                places[known] = row.ToList().IndexOf(candidates[0]);
            else if (!given.ContainsKey(known))
                doubt = $"any of {string.Join(", ", candidates.Select(name => $"'{name.Trim()}'"))} may be the {known.Word()}";
        }
        return places;
    }

    private static void Give(
        ColumnRole role, string column, IReadOnlyList<string> row, string[] plain, Dictionary<ColumnRole, int> places, ref string doubt)
    {
        places.Remove(role);
        if (column == ColumnFlag.None)
            return;
        var exact = row.Select(name => name.Trim()).ToList().IndexOf(column);
        var place = exact >= 0 ? exact : Array.IndexOf(plain, HeaderName.Plain(column));
        if (place < 0 && IsPosition(column))
            place = Position(column);
        if (place < 0)
            doubt = $"--columns names '{column}', which the first line does not have";
        else
            places[role] = place;
    }

    private static Dictionary<int, string> Attributes(
        NamedFormat? format, IReadOnlyList<string> row, string[] plain, Dictionary<ColumnRole, int> places)
    {
        var attributes = new Dictionary<int, string>();
        for (var place = 0; place < plain.Length; place++)
        {
            var name = format?.Attributes is { } known ? known.GetValueOrDefault(plain[place]) : row[place].Trim();
            if (!string.IsNullOrEmpty(name) && !places.ContainsValue(place) && !attributes.ContainsValue(name))
                attributes.Add(place, name);
        }
        return attributes;
    }
}
