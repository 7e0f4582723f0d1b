using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Tests.Model.Snapshots;

namespace ILoRA.Streaming.Tests.Model.Encoders;

public sealed class SasRecTests
{
    private static readonly SasRec Encoder = RandomSnapshot.Encoder(new Random(5), 8, 12);

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(9)]
    public void Only_the_last_rows_that_fit_are_encoded(int length)
    {
        int[] rows = [.. Enumerable.Range(0, length).Select(row => row % 12)];
        Assert.Equal(Encoder.Encode(rows.AsSpan(Math.Max(0, length - 5))), Encoder.Encode(rows));
    }

    [Fact]
    public void The_order_of_the_history_changes_the_sequence_vector()
    {
        // Small queries, so that the attention weights are spread over all keys.
        var soft =
            Encoder with
            {
                Tensors =
                Encoder.Tensors.ToDictionary(tensor => tensor.Key,
                    tensor => tensor.Key.Contains("linear_q", StringComparison.Ordinal)
                        ? [.. tensor.Value.Select(value => value / 100)] : tensor.Value)
            };
        Assert.NotEqual(soft.Encode([1, 2, 3]), soft.Encode([2, 1, 3]));
    }

    [Fact]
    public void An_appended_row_does_not_change_the_results_for_the_others()
    {
        var larger = RandomSnapshot.Encoder(new Random(6), 8, 13);
        foreach (var (name, values) in Encoder.Tensors)
            values.AsSpan(0, name == "item_embeddings.weight" ? 12 * 8 : values.Length).CopyTo(larger.Tensors[name]);
        var z = Encoder.Encode([3, 1, 11]);

        Assert.Equal(z, larger.Encode([3, 1, 11]));
        Assert.Equal(Encoder.Logits(z), larger.Logits(z)[..12]);
        Assert.Equal(13, larger.Logits(z).Length);
    }

    [Theory]
    [InlineData("s_fc.weight")]
    [InlineData("positional_embeddings.weight")]
    [InlineData("mh_attn.linear_q.weight")]
    [InlineData("feed_forward.w_1.weight")]
    [InlineData("ln_3.bias")]
    public void A_tensor_of_another_shape_is_refused_by_name(string name)
    {
        var tensors = Encoder.ToTensors().Select(tensor => tensor.Name == name ? new Tensor(name, [2], [1, 2]) : tensor);
        var file = SafetensorsFile.Parse(SafetensorsWriter.Write(tensors, null), "test");
        Assert.Contains($"'{name}' is [2]", Assert.Throws<InvalidDataException>(() => SasRec.Read(file)).Message, StringComparison.Ordinal);
    }
}
