using System.CommandLine;
using System.Globalization;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Local.Sample;

namespace ILoRA.Streaming.Local.CommandLine;

/// <summary><c>ilora-local sample</c>: extracts the shipped sample from Online Retail.</summary>
internal static class SampleCommand
{
    public static Command Create()
    {
        var from =
            new Option<DirectoryInfo>(
                "--from")
            {
                Description = "Folder with events.tsv (Unix s, customer, item) and items.tsv (item, title, stock code)",
                Required = true,
                HelpName = "DIR"
            };
        var to = new Option<DirectoryInfo>("--out") { Description = "Folder to write to", Required = true, HelpName = "DIR" };
        var start = Date("--start", "First day of the part that is fitted on", OnlineRetailSample.Shipped.Start);
        var cut = Date("--cut", "First day of the part that is streamed", OnlineRetailSample.Shipped.Cut);
        var end = Date("--end", "First day after it", OnlineRetailSample.Shipped.End);
        var command = new Command("sample", "Cut the shipped sample out of Online Retail again") { from, to, start, cut, end };
        command.SetAction(parsed =>
        {
            var sample =
                new OnlineRetailSample(parsed.GetValue(start), parsed.GetValue(cut), parsed.GetValue(end),
                    OnlineRetailSample.Shipped.OneIn);
            var counts = sample.Write(parsed.GetValue(from)!.FullName, parsed.GetValue(to)!.FullName);
            parsed.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{counts.FitClicks} clicks to fit on, {counts.StreamedClicks} to stream, {counts.Items} items, {counts.Users} users"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<DateTimeOffset> Date(string name, string description, DateTimeOffset value) => new(name)
    {
        Description = description,
        HelpName = "YYYY-MM-DD",
        DefaultValueFactory = _ => value,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
                return date;
            result.AddError($"{name}: '{text}' is no date; give it as 2011-08-01.");
            return default;
        },
    };
}
