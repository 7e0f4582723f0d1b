using System.Globalization;
using ILoRA.Streaming.Model.Adapters;

namespace ILoRA.Streaming.Training.Tuning;

/// <summary>A combination of hyperparameters to evaluate.</summary>
/// <param name="Experts">K, the number of experts.</param>
/// <param name="Rank">r, the LoRA rank; a multiple of K.</param>
/// <param name="Rate">The peak learning rate.</param>
/// <param name="Gate">The kind of gate over the experts.</param>
public sealed record TuneSetting(int Experts, int Rank, double Rate, GateKind Gate)
{
    /// <summary>
    /// All distinct combinations, from the cheapest: by rank, then number of experts, then gate. With K = 1 every gate is uniform, and a
    /// uniform gate is the same ordinary LoRA for every K, so each rank and learning rate has one uniform combination only, that of the
    /// smallest K.
    /// </summary>
    /// <param name="experts">Numbers of experts; combinations where K does not divide the rank are left out.</param>
    /// <param name="ranks">LoRA ranks.</param>
    /// <param name="rates">Peak learning rates.</param>
    /// <param name="gates">Kinds of gates.</param>
    public static IReadOnlyList<TuneSetting> All(IReadOnlyList<int> experts, IReadOnlyList<int> ranks, IReadOnlyList<double> rates,
        IReadOnlyList<GateKind> gates)
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
        string.Create(CultureInfo.InvariantCulture,
            $"K {Experts}, r {Rank}, "
                + $"rate {Rate:0.#####}{(Experts == 1 || Gate == GateKind.Linear ? "" : $", {Gate} gate".ToLowerInvariant())}");
}
