using System.Text.Json;
using System.Text.RegularExpressions;
using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Model.Adapters;

/// <summary>
/// The modules that <c>target_modules</c> and <c>exclude_modules</c> select, by PEFT's rules: a list holds suffixes of module names, a
/// string is a regular expression for the whole name, <c>all-linear</c> is every linear layer but the output. Names are those of Hugging
/// Face's model, such as <c>model.layers.0.self_attn.q_proj</c>.
/// </summary>
internal sealed class PeftModules
{
    private const string AllLinear = "all-linear";
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Modules with weights that PEFT can adapt and this model cannot.</summary>
    private static readonly string[] NotAdaptable = ["model.embed_tokens", "lm_head"];

    /// <summary>PEFT's default for Llama, Mistral, Qwen2 and Qwen3.</summary>
    private static readonly string[] Default = [LoraTargets.PeftName(LoraTarget.Q), LoraTargets.PeftName(LoraTarget.V)];

    private readonly string path, shown;
    private readonly Func<string, bool> selects;
    private readonly string[] listed;

    private PeftModules(string path, string shown, Func<string, bool> selects, string[] listed) =>
        (this.path, this.shown, this.selects, this.listed) = (path, shown, selects, listed);

    public static PeftModules Read(JsonElement root, string path)
    {
        var targets = root.GetProperty("target_modules");
        Func<string, bool> targeted = IsAllLinear(targets)
            ? name => !NotAdaptable.Contains(name)
            : Matcher(targets, "target_modules", path) ?? (name => Ends(name, Default));
        var excluded = root.TryGetProperty("exclude_modules", out var exclude) ? Matcher(exclude, "exclude_modules", path) : null;
        var without = excluded is null ? "" : $" without exclude_modules {PeftFields.Shown(exclude)}";
        var shown = $"target_modules {PeftFields.Shown(targets)}{without}";
        return new PeftModules(path, shown, name => targeted(name) && excluded?.Invoke(name) is not true,
            targets.ValueKind is JsonValueKind.Array ? Listed(targets) : []);
    }

    /// <summary>The linear layers that are selected in each of the first <paramref name="layers"/> decoder layers.</summary>
    /// <exception cref="InvalidDataException">None is selected, the layers differ, or a module is selected that cannot be
    /// adapted.</exception>
    public LoraTarget[] TargetsIn(int layers)
    {
        try
        {
            if (NotAdaptable.FirstOrDefault(selects) is { } other)
                throw new InvalidDataException($"{path}: {shown} selects {other}, which cannot be adapted; supported are {Supported}.");
            var targets = Enum.GetValues<LoraTarget>().Where(target => InAll(target, layers)).ToArray();
            if (targets.Length == 0)
                throw new InvalidDataException($"{path}: {shown} selects no linear layer of a decoder block; there are {Supported}.");
            // A listed name must exist even where exclude_modules excludes it again.
            var names =
                Enum.GetValues<LoraTarget>().SelectMany(target => Enumerable.Range(0, layers).Select(layer => NameOf(layer, target)))
                    .ToArray();
            return listed.FirstOrDefault(suffix => !names.Any(name => Ends(name, suffix))) is not { } unknown
                ? targets
                : throw new InvalidDataException(
                    $"{path}: '{unknown}' of target_modules is not a linear layer of a decoder block; there are {Supported}.");
        }
        catch (RegexMatchTimeoutException)
        {
            throw new InvalidDataException($"{path}: {shown} takes too long to match; give a list of module names.");
        }
    }

    private static string Supported => string.Join(", ", Enum.GetValues<LoraTarget>().Select(LoraTargets.PeftName));

    private bool InAll(LoraTarget target, int layers)
    {
        var first = selects(NameOf(0, target));
        for (var layer = 1; layer < layers; layer++)
            if (selects(NameOf(layer, target)) != first)
                throw new InvalidDataException($"{path}: {shown} selects {LoraTargets.PeftName(target)} in layer {(first ? 0 : layer)} "
                    + $"and not in layer {(first ? layer : 0)}; supported are the same modules in every layer.");
        return first;
    }

    private static string NameOf(int layer, LoraTarget target) => $"model.layers.{layer}.{LoraTargets.ModuleOf(target)}";

    private static bool IsAllLinear(JsonElement value) =>
        value.ValueKind is JsonValueKind.String && string.Equals(value.GetString(), AllLinear, StringComparison.OrdinalIgnoreCase);

    // Null where the field is null.
    private static Func<string, bool>? Matcher(JsonElement value, string field, string path) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => Expression(value.GetString()!, field, path).IsMatch,
        JsonValueKind.Array when Listed(value) is var suffixes => name => Ends(name, suffixes),
        _ => throw new InvalidDataException(
            $"{path}: {field} {PeftFields.Shown(value)} is neither a list of module names nor a regular expression."),
    };

    private static string[] Listed(JsonElement list) => [.. list.EnumerateArray().Select(name => name.GetString() ?? "")];

    private static bool Ends(string name, params string[] suffixes) =>
        suffixes.Any(suffix => name == suffix || name.EndsWith($".{suffix}", StringComparison.Ordinal));

    // PEFT matches the whole name (re.fullmatch). Named groups and the end of the text have another syntax in Python than in .NET.
    private static Regex Expression(string pattern, string field, string path)
    {
        var ported = Regex.Replace(pattern, @"\\.|\(\?P<|\(\?P=(?<name>\w+)\)",
            match => match.Value switch
            {
                @"\Z" => @"\z",
                "(?P<" => "(?<",
                _ when match.Groups["name"].Success => $@"\k<{match.Groups["name"].Value}>",
                _ => match.Value
            },
            RegexOptions.CultureInvariant, MatchTimeout);
        try
        {
            return new Regex($@"\A(?:{ported})\z", RegexOptions.CultureInvariant, MatchTimeout);
        }
        catch (ArgumentException wrong)
        {
            throw new InvalidDataException($"{path}: {field} '{pattern}' is not a valid regular expression: {wrong.Message}", wrong);
        }
    }
}
