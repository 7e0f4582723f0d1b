using ILoRA.Streaming.Model.Adapters;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary>Gates as the command line names them.</summary>
internal static class GateNames
{
    public const string Usual = "instance";

    public static string[] All { get; } = [Usual, "mlp", "uniform"];

    /// <param name="name">One of <see cref="All"/>.</param>
    public static GateKind Parse(string name) => name switch { "mlp" => GateKind.Mlp, "uniform" => GateKind.Uniform, _ => GateKind.Linear };

    public static string Of(GateKind kind) => All.First(name => Parse(name) == kind);
}
