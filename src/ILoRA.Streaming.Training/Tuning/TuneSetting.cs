using System.Globalization;
using ILoRA.Streaming.Model.Adapters;

namespace ILoRA.Streaming.Training.Tuning;

/// <summary>One combination to try.</summary>
/// <param name="Experts">K</param>
/// <param name="Rank">r, a multiple of K.</param>
/// <param name="Rate">Peak learning rate.</param>
/// <param name="Gate">How the experts are mixed.</param>
public sealed record TuneSetting(int Experts, int Rank, double Rate, GateKind Gate)
{
    /// <summary>
    /// Every combination that is another model, from the cheapest: by rank, then experts, then gate. K = 1 is uniform whatever the gate, and a uniform gate is the same
    /// ordinary LoRA whatever K, so of each rank and rate only one is uniform: that of the smallest K.
    /// </summary>
    /// <param name="experts">K; where it does not divide a rank, the combination is left out.</param>
    /// <param name="ranks">r</param>
    /// <param name="rates">Peak learning rates.</param>
    /// <param name="gates">Kinds of gates.</param>
    public static IReadOnlyList<TuneSetting> All(IReadOnlyList<int> experts, IReadOnlyList<int> ranks, IReadOnlyList<double> rates, IReadOnlyList<GateKind> gates)
    {
        var all = from r in ranks.Order()
                  from k in experts.Order()
                  where r % k == 0
                  from gate in gates.Select(gate => k == 1 ? GateKind.Uniform : gate).Order()
                  from rate in rates.Order()
                  select new TuneSetting(k, r, rate, gate);
        return [.. all.DistinctBy(setting => setting.Gate == GateKind.Uniform ? setting with { Experts = 1 } : setting)];
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"K {Experts}, r {Rank}, rate {Rate:0.#####}{(Experts == 1 || Gate == GateKind.Linear ? "" : $", {Gate} gate".ToLowerInvariant())}");
}
