using System.CommandLine;
using System.Globalization;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Model.Snapshots;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ILoRA.Streaming.Cli.Commands.Adapters;

/// <summary><c>ilora adapters diff</c></summary>
internal static class AdaptersDiff
{
    /// <summary>A backbone of 30 layers has 240 factors: for people, those that moved most.</summary>
    private const int TensorsShown = 20;

    private const int HashShown = 12;

    private static readonly Argument<string> A = Named("A");
    private static readonly Argument<string> B = Named("B");
    private static readonly BackboneInput Fitting = new(required: false);

    public static Command Create()
    {
        var command = new DocumentedCommand("diff",
            "What moved from version A to version B: which parts differ, how far each tensor went, how the gate mixes the experts, the "
            + "weights of the score; given a backbone, that both fit it",
            "ilora adapters diff online-000003 online-000007 --backbone backbone/",
            "ilora adapters diff snapshot/ online --json") { A, B, Report.JsonOption };
        Fitting.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static Argument<string> Named(string name) =>
        new(name) { Description = "A version, LINE/VERSION, a line for its newest, or a folder that 'fit adapter' wrote" };

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var versions = new GivenVersions(parsed, cancellation);
        var (a, b) = (await versions.LoadAsync(parsed.GetRequiredValue(A)), await versions.LoadAsync(parsed.GetRequiredValue(B)));
        if (Fitting.LoadGiven(parsed) is { } backbone)
        {
            SnapshotFit.Require(a, backbone);
            SnapshotFit.Require(b, backbone);
        }
        new Report(parsed).Write(new DiffReport(parsed.GetRequiredValue(A), parsed.GetRequiredValue(B), SnapshotDiff.Of(a, b)), Show);
        return ExitCode.Done;
    }

    private static Rows Show(DiffReport report)
    {
        var diff = report.Diff;
        var moved =
            diff.Parts.SelectMany(part => part.Tensors.Where(tensor => tensor.IsMoved).Select(tensor => (part.Part, Tensor: tensor)))
                .OrderByDescending(entry => entry.Tensor.Relative ?? double.PositiveInfinity).ToArray();
        var shown = new List<IRenderable> { Parts(diff) };
        shown.AddRange(diff.Settings.Select(setting => new Text($"The {setting.Name} is {setting.A} in A and {setting.B} in B.")));
        if (moved.Length > 0)
            shown.Add(Tensors(moved.Take(TensorsShown)));
        if (moved.Length > TensorsShown)
            shown.Add(new Text($"and {moved.Length - TensorsShown} tensors that moved less; --json lists all"));
        var gate = diff.Gate;
        shown.AddRange([Weights(diff), Gate(gate),
            new Text(
                $"The gate moved by {Number(gate.Moved)} of 1 (farthest {Number(gate.Farthest)}; by its own "
                    + $"weights {Number(gate.MovedByGate)}) over {gate.Histories:N0} histories of one item."),
            new Text($"Items: {diff.ItemsShared:N0} in both, {diff.ItemsAdded:N0} added, {diff.ItemsGone:N0} gone.")]);
        return new Rows(shown);
    }

    private static Table Parts(SnapshotDiff diff)
    {
        var table = Report.Table("part", "", "sha256 of A", "sha256 of B", "tensors moved");
        foreach (var part in diff.Parts)
            table.AddRow(part.Part, part.Equal ? "equal" : "differs", part.A[..HashShown], part.B[..HashShown],
                $"{part.Tensors.Count(tensor => tensor.IsMoved)} of {part.Tensors.Count}");
        return table;
    }

    private static Table Tensors(IEnumerable<(string Part, TensorDiff Tensor)> moved)
    {
        var table = Report.Table("part", "tensor", "||b - a|| / ||a||", "cosine", "largest change");
        foreach (var (part, tensor) in moved)
            table.AddRow(part, Markup.Escape(tensor.Name), Number(tensor.Relative), Number(tensor.Cosine), Number(tensor.Largest));
        return table;
    }

    private static Table Gate(GateDiff gate)
    {
        var table = Report.Table("gate: mean weight of", "A", "B");
        for (var expert = 0; expert < gate.A.Length; expert++)
            table.AddRow($"expert {expert + 1}", Number(gate.A[expert]), Number(gate.B[expert]));
        return table;
    }

    private static Table Weights(SnapshotDiff diff)
    {
        var table = Report.Table("weight of the term", "A", "B");
        foreach (var weight in diff.Weights)
            table.AddRow(weight.Term, Number(weight.A), Number(weight.B));
        return table;
    }

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-";

    private sealed record DiffReport(string A, string B, SnapshotDiff Diff);
}
