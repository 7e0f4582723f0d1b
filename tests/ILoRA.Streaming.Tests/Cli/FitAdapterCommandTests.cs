using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Cli;

public sealed class FitAdapterCommandTests
{
    [Theory]
    [InlineData("--experts 3 --rank 4", "--rank 4 must be a positive multiple of --experts 3.")]
    [InlineData("--minutes 0", "--minutes must be positive.")]
    [InlineData("--trained-layers 0", "--trained-layers must be at least 1, --answers at least 2.")]
    [InlineData("--scorer title --answers 1", "--trained-layers must be at least 1, --answers at least 2.")]
    [InlineData("--answers 8", "--answers 8 goes with --scorer title and its listwise loss; leave it out.")]
    [InlineData("--scorer title --loss language-model --answers 8",
        "--answers 8 goes with --scorer title and its listwise loss; leave it out.")]
    [InlineData("--loss listwise",
        "--loss listwise does not go with --scorer head: softmax is the head's, listwise and language-model are the title scorer's.")]
    public async Task What_does_not_go_together_is_one_line(string arguments, string line)
    {
        var sample = Repository.PathOf("src", "ILoRA.Streaming.Local", "Sample");
        var (items, encoder) = (Path.Combine(sample, "items.tsv"), Path.Combine(sample, "snapshot", "encoder.safetensors"));
        var run =
            await IloraProcess.RunAsync(
                ["fit", "adapter", "--backbone", Golden.Own("llama"), "--encoder", encoder, "--items", items, "--clicks", items, "--out",
                    Path.Combine(Path.GetTempPath(), "never"), .. arguments.Split(' ')]);
        Assert.Equal((2, $"ilora fit adapter: {line}"), (run.Code, run.Error.TrimEnd()));
    }
}
