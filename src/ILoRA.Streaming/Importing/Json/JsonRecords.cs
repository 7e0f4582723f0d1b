using System.Text;
using System.Text.Json;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>A file of JSON objects whose layout is understood.</summary>
internal sealed class JsonRecords : IRecordSource
{
    /// <summary>So many objects are looked at to find what members there are: optional ones are not in each.</summary>
    private const int Sample = 100;

    private readonly FileExtent file;
    private readonly Encoding encoding;
    private readonly Func<JsonShape> shape;

    private JsonRecords(FileExtent file, Encoding encoding, FileFormat format, JsonMapping mapping, Func<JsonShape> shape)
    {
        (this.file, this.encoding, this.shape) = (file, encoding, shape);
        Layout = new FileLayout(format, encoding.WebName, mapping.Columns);
    }

    public FileLayout Layout { get; }

    /// <summary>
    /// Recognises Google Analytics 4 and Amazon by their members, unless the user says jsonl; what the user says of columns goes first.
    /// </summary>
    /// <exception cref="InvalidDataException">The file holds no object, or its members are not understood for certain.</exception>
    public static JsonRecords Open(FileExtent source, FileKind kind, FileReading reading, Encoding? encoding = null)
    {
        var file = source.Name;
        var text = encoding ?? Encoding.UTF8;
        var names = Names(source, text);
        var given = Given(file, kind, names, reading);
        switch (reading.Format)
        {
            case FileFormat.Ga4:
            case null when Ga4Events.Has(names):
                var ga4 = new JsonMapping(With(Ga4Events.Paths(kind), given));
                return new JsonRecords(source, text, FileFormat.Ga4, ga4, () => new Ga4Events(kind, ga4));
            case FileFormat.Amazon:
            case null when AmazonObjects.Has(kind, names):
                var amazon =
                    JsonNames.Recognise(file, kind, names, With(JsonNames.OwnFirst(AmazonObjects.Paths(file, kind, names), names), given));
                return new JsonRecords(source, text, FileFormat.Amazon, amazon, () => new AmazonObjects(kind, amazon));
            default:
                var plain = JsonNames.Recognise(file, kind, names, given);
                return new JsonRecords(source, text, FileFormat.Jsonl, plain, () => new PlainObjects(plain));
        }
    }

    public IEnumerable<FileRecord> Read()
    {
        var reader = shape();
        foreach (var (line, text) in JsonTexts.Read(file, encoding))
        {
            using var json = Parse(text, out var problem);
            if (json is null)
                yield return new FileRecord(line) { Problem = problem };
            else
                foreach (var record in Records(reader, json.RootElement, line))
                    yield return record;
        }
        foreach (var record in reader.End())
            yield return record;
    }

    private static IReadOnlyList<FileRecord> Records(JsonShape reader, JsonElement root, long line)
    {
        try
        {
            return [.. reader.Records(root, line)];
        }
        catch (InvalidOperationException halfPair)
        {
            return [new FileRecord(line) { Problem = HalfPair(halfPair) }];
        }
    }

    /// <summary>Half a surrogate pair, which no text can hold, is found where a name or a text is read.</summary>
    private static string HalfPair(InvalidOperationException found) => found.Message.TrimEnd('.');

    private static List<string> Names(FileExtent file, Encoding encoding)
    {
        var names = new List<string>();
        var (any, first) = (false, default(string));
        foreach (var (line, text) in JsonTexts.Read(file, encoding).Take(Sample))
        {
            using var json = Parse(text, out var problem);
            any |= json is not null;
            first ??= problem is null ? null : $"{file.Name}:{line}: {problem}.";
            if (json is not null)
                names.AddRange([.. json.RootElement.EnumerateObject().Select(member => member.Name).Except(names)]);
        }
        return any ? names : throw new InvalidDataException(first ?? $"{file.Name}: holds no JSON object.");
    }

    /// <summary>Roles that mean nothing to this kind of file are left out: one --columns may serve for items and clicks.</summary>
    private static Dictionary<ColumnRole, JsonPath[]> Given(string file, FileKind kind, List<string> names, FileReading reading)
    {
        var given = new Dictionary<ColumnRole, JsonPath[]>();
        foreach (var (role, column) in reading.Columns ?? new Dictionary<ColumnRole, string>())
        {
            if (column == ColumnFlag.None)
                given[role] = [];
            if (column == ColumnFlag.None || !ColumnAliases.Of(kind).ContainsKey(role))
                continue;
            var way = JsonPath.Parse(column);
            var mayComeLate = !ColumnAliases.Required(kind).Contains(role) && ColumnAliases.RoleOf(kind, column) == role;
            if (!mayComeLate && !names.Contains(way.FirstName))
                throw new InvalidDataException($"{file}: no object of the first {Sample} has '{way.FirstName}' "
                    + $"(--columns {role.Word()}={column}); they have {string.Join(", ", names)}.");
            given[role] = [way];
        }
        return given;
    }

    private static Dictionary<ColumnRole, JsonPath[]> With(Dictionary<ColumnRole, JsonPath[]> paths,
        Dictionary<ColumnRole, JsonPath[]> given)
    {
        foreach (var (role, way) in given)
            paths[role] = way;
        return paths;
    }

    private static JsonDocument? Parse(string text, out string? problem)
    {
        problem = null;
        try
        {
            var json = JsonDocument.Parse(text);
            problem = json.RootElement.ValueKind == JsonValueKind.Object ? ProblemOfNames(json.RootElement, text) : "not a JSON object";
            if (problem is null)
                return json;
            json.Dispose();
        }
        catch (JsonException invalid)
        {
            problem = $"not JSON: {Reason(invalid.Message)}";
        }
        return null;
    }

    private static string? ProblemOfNames(JsonElement root, string text)
    {
        if (!text.Contains("\\u", StringComparison.Ordinal))
            return null;
        try
        {
            foreach (var member in root.EnumerateObject())
                _ = member.Name;
            return null;
        }
        catch (InvalidOperationException halfPair)
        {
            return HalfPair(halfPair);
        }
    }

    /// <summary>Without the place that it adds, which counts within the object.</summary>
    private static string Reason(string message)
        => (message.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var end ? message[..end] : message).TrimEnd('.');
}
