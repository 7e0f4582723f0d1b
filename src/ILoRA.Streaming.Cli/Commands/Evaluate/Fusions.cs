using ILoRA.Streaming.Training.Baselines;
using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.Cli.Commands.Evaluate;

/// <summary>
/// The fused lines. Weights are learned on users put aside. A given encoder may have seen those, and then counts for more there than it is
/// worth, so it is also added as one standardised score beside another, both alike: which of the two lines is better says how far it knows
/// its users by heart. The trained bag is fused as each adapter is, so that both can be compared, and takes no part in an adapter's fusion.
/// </summary>
internal sealed class Fusions(Comparison comparison)
{
    private const string WithoutLanguageModel = "fusion";

    /// <param name="adapters">The adapters' lines; each adapter is fused with the same parts.</param>
    public void Add(IReadOnlyList<AdapterLine> adapters)
    {
        string[] parts = [.. comparison.Results.Where(result => !result.LanguageModel).Select(result => result.Name)
            .Where(name => name is not (BaselineSuite.RandomName or BaselineSuite.EncoderName))];
        comparison.AddLearned(WithoutLanguageModel, parts);
        AddEncoder(BaselineSuite.NeighboursName);
        AddEncoder(WithoutLanguageModel);
        if (comparison.Has(BaselineSuite.TrainedBagName))
            comparison.AddLearned(NameOf(BaselineSuite.TrainedBagName), [.. parts, TitleBag.Name, BaselineSuite.TrainedBagName]);
        AddLearnedWithEncoder(WithoutLanguageModel, parts);
        foreach (var adapter in adapters.GroupBy(line => line.Adapter))
        {
            var name = NameOf(adapter.Key);
            string[] fused = [.. parts, TitleBag.Name, .. adapter.Select(line => line.Line)];
            comparison.AddLearned(name, fused);
            AddEncoder(name);
            AddLearnedWithEncoder(name, fused);
        }
    }

    /// <summary>The learned fusion of an adapter, or of the trained bag in its place.</summary>
    public static string NameOf(string adapter) => $"{adapter}: {WithoutLanguageModel}";

    /// <summary>The same and a given encoder, both alike.</summary>
    public static string WithEncoder(string line) => $"{line} + {BaselineSuite.EncoderName}";

    /// <summary>The same with a given encoder among the parts.</summary>
    public static string WithEncoderLearned(string line) => $"{WithEncoder(line)} (learned)";

    private void AddLearnedWithEncoder(string line, IEnumerable<string> parts)
    {
        if (comparison.Has(BaselineSuite.EncoderName))
            comparison.AddLearned(WithEncoderLearned(line), [.. parts, BaselineSuite.EncoderName]);
    }

    private void AddEncoder(string line)
    {
        if (comparison.Has(BaselineSuite.EncoderName) && comparison.Has(line))
            comparison.AddSum(WithEncoder(line), [line, BaselineSuite.EncoderName]);
    }
}
