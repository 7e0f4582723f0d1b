using System.CommandLine;
using ILoRA.Streaming.Model.Loading;

namespace ILoRA.Streaming.Cli.CommandLine;

/// <summary>The flags <c>--backbone</c>, <c>--layers</c> and <c>--random-weights</c>.</summary>
internal sealed class BackboneInput
{
    private readonly Option<FileSystemInfo> path;
    private readonly Option<int?> layers =
        new("--layers") { Description = "Only the backbone's first N layers: cheaper, and another model to its adapters", HelpName = "N" };
    private readonly Option<int?> random = new("--random-weights")
    {
        Description =
            "A control for measurements, not for use: the same shapes and tokenizer, but weights drawn anew by this seed; another model "
                + "to its adapters",
        HelpName = "SEED",
    };

    public BackboneInput(bool required = true) =>
        path = new Option<FileSystemInfo>("--backbone")
        {
            Description = "The frozen language model: a Hugging Face folder or a GGUF file",
            HelpName = "PATH",
            Required = required
        }.AcceptExistingOnly();

    /// <param name="command">Takes the flags.</param>
    /// <param name="control">With <c>--random-weights</c>.</param>
    public void AddTo(Command command, bool control = true)
    {
        command.Add(path);
        command.Add(layers);
        if (control)
            command.Add(random);
    }

    /// <summary>The name of the folder or file.</summary>
    public string Name(ParseResult parsed) => parsed.GetRequiredValue(path).Name;

    /// <summary>Null where the flag was not given.</summary>
    public string? Path(ParseResult parsed) => parsed.GetValue(path)?.FullName;

    /// <summary>Null takes all.</summary>
    public int? Layers(ParseResult parsed) => parsed.GetValue(layers);

    public Backbone Load(ParseResult parsed) =>
        Backbone.Load(parsed.GetRequiredValue(path).FullName, parsed.GetValue(layers), parsed.GetValue(random));

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(path) is not null;

    /// <summary>Null where the flag was not given.</summary>
    public Backbone? LoadGiven(ParseResult parsed) => IsGiven(parsed) ? Load(parsed) : null;
}
