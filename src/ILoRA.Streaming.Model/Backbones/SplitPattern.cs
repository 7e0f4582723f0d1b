using System.Text.Json;
using System.Text.RegularExpressions;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// The pre-tokenizer of a <c>tokenizer.json</c>, which splits text into pieces before merging, as one regular expression.
/// </summary>
internal static partial class SplitPattern
{
    /// <summary>The <c>pre_tokenizer</c> of GPT-2.</summary>
    public const string ByteLevelJson = """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""";

    /// <summary>The <c>pre_tokenizer</c> of GPT-2 with every digit a piece of its own.</summary>
    public const string SingleDigitsJson =
        $$"""{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},{{ByteLevelJson}}]}""";

    // GPT-2 (Radford et al. 2019).
    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    // GPT-2 with every digit split off: white space before a digit ends its piece.
    private const string SingleDigitsPattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?=\p{N})|\s+(?!\S)|\s+";

    // Llama 3's and Qwen 2's tokenizer.json; they differ in how many digits stay together.
    private const string Llama3Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Qwen2Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The pattern of a <c>pre_tokenizer</c>.</summary>
    /// <exception cref="InvalidDataException">The pre-tokenizer is of an unsupported kind.</exception>
    public static Regex Of(JsonElement step, string path)
    {
        JsonElement[] steps = Type(step) == "Sequence" ? [.. step.GetProperty("pretokenizers").EnumerateArray()] : [step];
        var kinds = string.Join(" + ", steps.Select(Type));
        if (Type(steps[^1]) != "ByteLevel" || Is(steps[^1], "add_prefix_space", false))
            throw Unsupported(path, $"{kinds} (or its prefix space)");
        var splitsItself = Is(steps[^1], "use_regex", true);
        return kinds switch
        {
            "ByteLevel" when splitsItself => Gpt2(),
            "Digits + ByteLevel" when splitsItself && Is(steps[0], "individual_digits", false) => SingleDigits(),
            "Split + ByteLevel"
                when !splitsItself && !Is(steps[0], "invert", false) && steps[0].GetProperty("behavior").GetString() == "Isolated" =>
                Given(steps[0].GetProperty("pattern").GetProperty("Regex").GetString() ?? ""),
            _ => throw Unsupported(path, kinds),
        };
    }

    /// <summary>The <c>pre_tokenizer</c> with the given name in a GGUF file.</summary>
    /// <exception cref="InvalidDataException">It is not supported.</exception>
    public static string JsonOf(string ggufName, string source) => ggufName switch
    {
        "gpt-2" or "default" => ByteLevelJson,
        "smollm" => SingleDigitsJson,
        "llama-bpe" or "llama3" or "llama-v3" => SplitJson(Llama3Pattern),
        "qwen2" or "deepseek-r1-qwen" => SplitJson(Qwen2Pattern),
        _ => throw new InvalidDataException(
            $"{source}: pre-tokenizer '{ggufName}' is not supported; supported: gpt-2, smollm, llama-bpe, qwen2."),
    };

    /// <summary>The pattern of <see cref="SingleDigitsJson"/>, which <see cref="BytePairTrainer"/> uses.</summary>
    [GeneratedRegex(SingleDigitsPattern, RegexOptions.CultureInvariant)]
    public static partial Regex SingleDigits();

    [GeneratedRegex(Gpt2Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2();

    // Text between two matches is a piece too. The timeout limits patterns that backtrack without end.
    private static Regex Given(string pattern) =>
        new($@"(?:{pattern})|(?:(?!{pattern})[\s\S])+", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(0.5));

    private static string SplitJson(string pattern) =>
        $$"""{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"{{JsonEncodedText.Encode(pattern)}}"},"behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}""";

    private static string Type(JsonElement step) => step.GetProperty("type").GetString() ?? "";

    private static bool Is(JsonElement step, string flag, bool otherwise) =>
        step.TryGetProperty(flag, out var value) ? value.GetBoolean() : otherwise;

    private static InvalidDataException Unsupported(string path, string what) =>
        new($"{path}: pre-tokenizer {what} is not supported; supported: ByteLevel, Digits (single) + ByteLevel, Split (Isolated) + "
            + "ByteLevel.");
}
