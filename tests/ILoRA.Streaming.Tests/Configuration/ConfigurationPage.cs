using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ILoRA.Streaming.Configuration;

namespace ILoRA.Streaming.Tests.Configuration;

/// <summary>The tables of <c>docs/configuration.md</c>, from the option types, their attributes and their XML documentation.</summary>
internal static partial class ConfigurationPage
{
    public static string Tables()
    {
        var page = new StringBuilder();
        foreach (var section in AllSettings.Sections)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"\n## {section.Path}\n\n{Summary($"T:{section.Options.FullName}", section.Options)}\n\n");
            page.Append("| setting | value | default | meaning |\n|---|---|---|---|\n");
            AddRows(page, section.Path, section.Options, Activator.CreateInstance(section.Options)!);
        }
        return page.ToString();
    }

    private static void AddRows(StringBuilder page, string path, Type type, object defaults)
    {
        foreach (var property in SettingNames.Properties(type))
        {
            var value = property.GetValue(defaults);
            page.Append(CultureInfo.InvariantCulture,
                $"| `{path}:{property.Name}` | {Kind(property)} | {Default(value)} "
                    + $"| {Summary($"P:{property.DeclaringType!.FullName}.{property.Name}", type)} |\n");
        }
    }

    private static string Kind(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type.IsEnum)
            return string.Join(", ", Enum.GetNames(type));
        var kind = Type.GetTypeCode(type) switch
        {
            TypeCode.String => "text",
            TypeCode.Boolean => "true, false",
            TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64 => "whole number",
            TypeCode.Double or TypeCode.Single => "number",
            _ when type == typeof(TimeSpan) => "duration",
            _ => "by name",
        };
        return property.GetCustomAttribute<RangeAttribute>() is { } range
            ? $"{kind}, {Bound(range.Minimum)} to {Bound(range.Maximum)}" : kind;
    }

    private static string Bound(object bound) => bound is int.MaxValue ? "any" : Convert.ToString(bound, CultureInfo.InvariantCulture)!;

    private static string Default(object? value) => value switch
    {
        null or "" or System.Collections.ICollection => "",
        bool flag => flag ? "`true`" : "`false`",
        TimeSpan time => $"`{time.ToString("c", CultureInfo.InvariantCulture)}`",
        _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };

    private static string Summary(string member, Type type)
    {
        var file = Path.ChangeExtension(type.Assembly.Location, ".xml");
        var summary =
            XDocument.Load(file).Descendants("member")
                .FirstOrDefault(element => element.Attribute("name")!.Value == member)?.Element("summary")
            ?? throw new InvalidOperationException($"{member} has no summary: say what the setting means, with its unit.");
        return Blanks().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim();
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value.Replace("|", "\\|", StringComparison.Ordinal),
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement element when element.Attribute("cref") is { } reference => $"`{reference.Value.Split('(')[0].Split('.')[^1]}`",
        XElement element => element.Value,
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
