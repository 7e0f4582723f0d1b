using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Cli;

public sealed class TuneCommandTests
{
    [Theory]
    [InlineData("--experts 3 --rank 4", "ilora tune: no rank of --rank is a multiple of a number of --experts.")]
    [InlineData("--experts 1,x", "ilora tune: 'x' of --experts is not a positive number; give a list like 1,2,4. See 'ilora tune --help'.")]
    [InlineData("--gate mlp,deep",
        "ilora tune: 'deep' of --gate is no gate; give a list of instance, mlp, uniform. See 'ilora tune --help'.")]
    [InlineData("--minutes 0", "ilora tune: --minutes must be positive.")]
    [InlineData("--steps 5 --minutes 5", "ilora tune: give --minutes or --steps, not both.")]
    [InlineData("--steps 0", "ilora tune: --steps must be at least 1.")]
    [InlineData("--hold-out 0", "ilora tune: users must be put aside: give --rows FILE and a --hold-out above 0.")]
    public async Task What_cannot_be_tried_is_one_line(string arguments, string line)
    {
        var folder = Directory.CreateTempSubdirectory("ilora-tune");
        try
        {
            var (items, rows) = (Path.Combine(folder.FullName, "items.tsv"), Path.Combine(folder.FullName, "rows.jsonl"));
            await File.WriteAllTextAsync(items, "a1\tA\nb2\tB\n", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(rows, """{"row":0,"seq":["a1"],"len":1,"next":"b2"}""", TestContext.Current.CancellationToken);
            var run =
                await IloraProcess.RunAsync(
                    ["tune", "--backbone", Golden.Own("llama"), "--encoder", rows, "--items", items, "--rows", rows,
                        .. arguments.Split(' ')]);
            Assert.Equal((2, line), (run.Code, run.Error.TrimEnd()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
