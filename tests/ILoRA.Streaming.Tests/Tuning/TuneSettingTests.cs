using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Training.Tuning;

namespace ILoRA.Streaming.Tests.Tuning;

public sealed class TuneSettingTests
{
    [Fact]
    public void Settings_are_sorted_by_cost_and_K_divides_the_rank() => Assert.Equal(
        ["K 1, r 4, rate 0.001", "K 4, r 4, rate 0.001", "K 1, r 8, rate 0.001", "K 4, r 8, rate 0.001", "K 8, r 8, rate 0.001"],
        Names([8, 4, 1], [8, 4], [1e-3], [GateKind.Linear]));

    [Fact]
    public void Every_gate_is_combined_with_every_K_but_a_uniform_gate_only_with_the_smallest() => Assert.Equal(
        ["K 2, r 8, rate 0.001, uniform gate", "K 2, r 8, rate 0.001", "K 2, r 8, rate 0.001, mlp gate", "K 4, r 8, rate 0.001",
            "K 4, r 8, rate 0.001, mlp gate"],
        Names([4, 2], [8], [1e-3], [GateKind.Mlp, GateKind.Linear, GateKind.Uniform]));

    [Fact]
    public void The_smallest_K_of_a_uniform_gate_divides_the_rank() => Assert.Equal(
        ["K 4, r 4, rate 0.001, uniform gate", "K 3, r 6, rate 0.001, uniform gate"],
        Names([3, 4], [4, 6], [1e-3], [GateKind.Uniform]));

    [Fact]
    public void With_one_expert_every_gate_is_uniform() => Assert.Equal(
        [(1, GateKind.Uniform), (4, GateKind.Linear), (4, GateKind.Mlp)],
        TuneSetting.All([1, 4], [4], [1e-3], [GateKind.Linear, GateKind.Mlp, GateKind.Uniform])
            .Select(setting => (setting.Experts, setting.Gate)));

    [Fact]
    public void Every_rate_is_combined_and_duplicates_are_removed() => Assert.Equal(
        ["K 1, r 4, rate 0.001", "K 1, r 4, rate 0.002", "K 2, r 4, rate 0.001, mlp gate", "K 2, r 4, rate 0.002, mlp gate"],
        Names([1, 2, 1], [4, 4], [2e-3, 1e-3, 2e-3], [GateKind.Mlp, GateKind.Mlp]));

    [Fact]
    public void There_is_no_setting_where_no_K_divides_a_rank() => Assert.Empty(TuneSetting.All([3], [4], [1e-3], [GateKind.Mlp]));

    private static IEnumerable<string> Names(int[] experts, int[] ranks, double[] rates, GateKind[] gates) =>
        TuneSetting.All(experts, ranks, rates, gates).Select(setting => setting.ToString());
}
