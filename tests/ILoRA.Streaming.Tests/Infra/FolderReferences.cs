using System.Text.RegularExpressions;
using ILoRA.Streaming.TestKit;
using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace ILoRA.Streaming.Tests.Infra;

/// <summary>A folder of a project: the project's name and the path in it; "" for its root.</summary>
internal readonly record struct Folder(string Project, string Path)
{
    public override string ToString() => Path.Length > 0 ? $"{Project}/{Path}" : Project;
}

/// <summary>Which folder uses which, with one place where it does.</summary>
internal readonly record struct Arrow(Folder From, Folder To, string Place)
{
    public override string ToString() => $"{From} -> {To} ({Place})";
}

/// <summary>
/// The arrows between the folders below <c>src</c>. What the compiled code names is read from the assemblies; constants and members of
/// enumerations are copied into the code that uses them and leave no name there, so the <c>using</c> directives of the sources count too.
/// </summary>
internal static partial class FolderReferences
{
    private static readonly string[] Projects =
        [.. Directory.GetDirectories(Repository.PathOf("src")).Select(path => Path.GetFileName(path))
            .OrderByDescending(name => name.Length)];

    public static IReadOnlyList<Arrow> All { get; } =
        [.. Projects.SelectMany(Compiled).Concat(Written()).Where(arrow => arrow.From != arrow.To)
            .DistinctBy(arrow => (arrow.From, arrow.To))];

    /// <summary>
    /// The folder of a namespace or of a type's full name: what follows the last name that is a folder (generated code) counts to it.
    /// </summary>
    private static Folder? Of(string name)
    {
        foreach (var project in Projects)
        {
            if (name != project && !name.StartsWith($"{project}.", StringComparison.Ordinal))
                continue;
            var path = name[project.Length..].TrimStart('.').Replace('.', '/');
            while (!Directory.Exists(Repository.PathOf("src", project, path)))
                path = path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : "";
            return new(project, path);
        }
        return null;
    }

    private static IEnumerable<Arrow> Written() =>
        from path in Repository.Files("*.cs")
        where path.StartsWith("src/", StringComparison.Ordinal)
        let parts = path.Split('/')
        let folder = new Folder(parts[1], string.Join('/', parts[2..^1]))
        from match in Using().Matches(File.ReadAllText(Repository.PathOf(path)))
        let used = Of(match.Groups["name"].Value)
        where used is not null
        select new Arrow(folder, used.Value, Path.GetFileName(path));

    private static List<Arrow> Compiled(string project)
    {
        using var module = ModuleDefinition.ReadModule(AssemblyOf(project));
        return [.. from type in module.GetAllTypes()
                   let folder = Of(Outermost(type).Namespace)
                   where folder is not null
                   from used in Named(type)
                   let to = Of(Outermost(used).Namespace)
                   where to is not null
                   select new Arrow(folder.Value, to.Value, $"{Outermost(type).Name} uses {used.Name}")];
    }

    private static string AssemblyOf(string project)
    {
        var file = File.ReadAllText(Repository.PathOf("src", project, $"{project}.csproj"));
        var name = AssemblyName().Match(file) is { Success: true } match ? match.Groups["name"].Value : project;
        var output = Repository.PathOf("src", project, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name);
        return Directory.EnumerateFiles(output, $"{name}.dll", SearchOption.AllDirectories).MaxBy(File.GetLastWriteTimeUtc)
            ?? throw new InvalidOperationException($"{project} is not built in {output}; build the solution.");
    }

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<TypeReference> Named(TypeDefinition type) => Direct(type).Where(used => used is not null).SelectMany(Parts);

    private static IEnumerable<TypeReference> Direct(TypeDefinition type)
    {
        yield return type.BaseType;
        foreach (var implemented in type.Interfaces)
            yield return implemented.InterfaceType;
        foreach (var field in type.Fields)
            yield return field.FieldType;
        foreach (var attribute in type.CustomAttributes)
            yield return attribute.AttributeType;
        foreach (var used in type.Methods.SelectMany(Direct))
            yield return used;
    }

    private static IEnumerable<TypeReference> Direct(MethodDefinition method)
    {
        yield return method.ReturnType;
        foreach (var parameter in method.Parameters)
            yield return parameter.ParameterType;
        if (!method.HasBody)
            yield break;
        foreach (var variable in method.Body.Variables)
            yield return variable.VariableType;
        foreach (var operand in method.Body.Instructions.Select(instruction => instruction.Operand))
        {
            if (operand is TypeReference type)
                yield return type;
            if (operand is not MemberReference { DeclaringType: { } owner } member)
                continue;
            yield return owner;
            if (member is GenericInstanceMethod generic)
                foreach (var argument in generic.GenericArguments)
                    yield return argument;
        }
    }

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        GenericParameter => [],
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        _ => [type],
    };

    [GeneratedRegex("<AssemblyName>(?<name>[^<]+)<")]
    private static partial Regex AssemblyName();

    [GeneratedRegex(@"^(global )?using (static |\w+ = )?(?<name>ILoRA\.Streaming[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
