using System.Reflection;

namespace ILoRA.Streaming.Configuration;

/// <summary>The settings that an options type has, by reflection.</summary>
public static class SettingNames
{
    /// <summary>Stands for any further names: the entries of a dictionary or a list.</summary>
    public const string Any = "*";

    /// <summary>All settings of a section as paths, e.g. <c>Kafka:MaxBatch</c>; entries of a dictionary end in <c>:*</c>.</summary>
    public static IEnumerable<string> Of(SettingsSection section) => Of(section.Path, section.Options);

    /// <summary>The properties that the configuration binder sets.</summary>
    public static IEnumerable<PropertyInfo> Properties(Type options) => options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0 && property.PropertyType != typeof(StreamNamespace)
            && (property.SetMethod is { IsPublic: true } || IsCollection(property.PropertyType)));

    private static IEnumerable<string> Of(string path, Type options)
    {
        foreach (var property in Properties(options))
        {
            var name = $"{path}:{property.Name}";
            if (IsCollection(property.PropertyType))
                yield return $"{name}:{Any}";
            else if (!HasSettings(property.PropertyType))
                yield return name;
            else
                foreach (var nested in Of(name, property.PropertyType))
                    yield return nested;
        }
    }

    /// <summary>Whether a type is bound property by property, not from one text.</summary>
    private static bool HasSettings(Type type) =>
        type.IsClass && type != typeof(string) && type.Assembly.GetName().Name!.StartsWith("ILoRA.", StringComparison.Ordinal);

    private static bool IsCollection(Type type) => type != typeof(string) && type.IsAssignableTo(typeof(System.Collections.IEnumerable));
}
