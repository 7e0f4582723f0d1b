using System.Buffers.Binary;
using ILoRA.Streaming.Model.Gguf;

namespace ILoRA.Streaming.Tests.Model.Gguf;

/// <summary>
/// Tests that blocks, packed here from known integers and scales in the published layouts, are dequantised to scale x integer (+ or -
/// minimum).
/// </summary>
public sealed class GgufBlocksTests
{
    private readonly Random random = new(5);

    [Fact]
    public void F32_F16_and_BF16_are_converted_exactly()
    {
        Assert.Equal([1.5f, -2], Read(GgufType.F32, [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0], 2));
        Assert.Equal([1.5f, -2], Read(GgufType.F16, [.. Half(1.5), .. Half(-2)], 2));
        Assert.Equal([1.5f, -2], Read(GgufType.BF16, [0xC0, 0x3F, 0, 0xC0], 2));
    }

    [Fact]
    public void Q8_0_is_a_scale_times_signed_bytes()
    {
        var q = Integers(32, -128, 128);
        Assert.Equal(q.Select(value => 0.25f * value), Read(GgufType.Q8_0, [.. Half(0.25), .. q.Select(value => (byte)(sbyte)value)], 32));
    }

    [Fact]
    public void Q4_0_is_a_scale_times_nibbles_minus_eight()
    {
        var q = Integers(32, 0, 16);
        Assert.Equal(q.Select(value => -0.5f * (value - 8)), Read(GgufType.Q4_0, [.. Half(-0.5), .. Nibbles(q)], 32));
    }

    [Fact]
    public void Q4_1_is_a_scale_times_nibbles_plus_a_minimum()
    {
        var q = Integers(32, 0, 16);
        Assert.Equal(q.Select(value => 0.5f * value - 3), Read(GgufType.Q4_1, [.. Half(0.5), .. Half(-3), .. Nibbles(q)], 32));
    }

    [Fact]
    public void Q5_0_is_a_scale_times_five_bits_minus_sixteen()
    {
        var q = Integers(32, 0, 32);
        Assert.Equal(q.Select(value => 0.5f * (value - 16)), Read(GgufType.Q5_0, [.. Half(0.5), .. FifthBits(q), .. Nibbles(q)], 32));
    }

    [Fact]
    public void Q5_1_is_a_scale_times_five_bits_plus_a_minimum()
    {
        var q = Integers(32, 0, 32);
        Assert.Equal(q.Select(value => 0.5f * value + 7),
            Read(GgufType.Q5_1, [.. Half(0.5), .. Half(7), .. FifthBits(q), .. Nibbles(q)], 32));
    }

    [Fact]
    public void Q4_K_scales_eight_groups_by_six_bits_each()
    {
        int[] q = Integers(256, 0, 16), scales = Integers(8, 0, 64), minima = Integers(8, 0, 64);
        byte[] block = [.. Half(0.5), .. Half(0.25), .. SixBitPairs(scales, minima), .. GroupNibbles(q)];
        Assert.Equal(q.Select((value, i) => 0.5f * scales[i / 32] * value - 0.25f * minima[i / 32]), Read(GgufType.Q4_K, block, 256));
    }

    [Fact]
    public void Q5_K_has_a_fifth_bit_by_group()
    {
        int[] q = Integers(256, 0, 32), scales = Integers(8, 0, 64), minima = Integers(8, 0, 64);
        var fifth = new byte[32];
        for (var i = 0; i < 256; i++)
            fifth[i % 32] |= (byte)(q[i] >> 4 << i / 32);
        byte[] block = [.. Half(0.5), .. Half(0.25), .. SixBitPairs(scales, minima), .. fifth, .. GroupNibbles(q)];
        Assert.Equal(q.Select((value, i) => 0.5f * scales[i / 32] * value - 0.25f * minima[i / 32]), Read(GgufType.Q5_K, block, 256));
    }

    [Fact]
    public void Q6_K_scales_sixteen_groups_by_signed_bytes()
    {
        int[] q = Integers(256, 0, 64), scales = Integers(16, -128, 128);
        byte[] low = new byte[128], high = new byte[64];
        for (var half = 0; half < 2; half++)
            for (var i = 0; i < 32; i++)
            {
                int a = q[half * 128 + i], b = q[half * 128 + 32 + i], c = q[half * 128 + 64 + i], d = q[half * 128 + 96 + i];
                low[half * 64 + i] = (byte)(a & 15 | (c & 15) << 4);
                low[half * 64 + 32 + i] = (byte)(b & 15 | (d & 15) << 4);
                high[half * 32 + i] = (byte)(a >> 4 | b >> 4 << 2 | c >> 4 << 4 | d >> 4 << 6);
            }
        byte[] block = [.. low, .. high, .. scales.Select(scale => (byte)(sbyte)scale), .. Half(0.125)];
        Assert.Equal(q.Select((value, i) => 0.125f * scales[i / 16] * (value - 32)), Read(GgufType.Q6_K, block, 256));
    }

    [Fact]
    public void Several_blocks_are_read_in_order()
    {
        byte[] first = [.. Half(1), .. new byte[32]], second = [.. Half(2), .. Enumerable.Repeat((byte)3, 32)];
        Assert.Equal([.. new float[32], .. Enumerable.Repeat(6f, 32)], Read(GgufType.Q8_0, [.. first, .. second], 64));
    }

    private static float[] Read(GgufType type, byte[] blocks, int count)
    {
        Assert.Equal(count / GgufTypes.Block(type).Numbers * GgufTypes.Block(type).Bytes, blocks.Length);
        var values = new float[count];
        GgufBlocks.Dequantise(type, blocks, values);
        return values;
    }

    private int[] Integers(int count, int from, int to) =>
        [.. Enumerable.Range(0, count).Select(i => i < 2 ? (i == 0 ? from : to - 1) : random.Next(from, to))];

    private static byte[] Half(double value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value);
        return bytes;
    }

    // Number i and number i + 16 share a byte.
    private static IEnumerable<byte> Nibbles(int[] q) => Enumerable.Range(0, 16).Select(i => (byte)(q[i] & 15 | (q[i + 16] & 15) << 4));

    // Bit i is bit 4 of number i.
    private static byte[] FifthBits(int[] q) =>
        BitConverter.GetBytes(q.Index().Aggregate(0u, (bits, number) => bits | (uint)(number.Item >> 4) << number.Index));

    // Number i of an even group shares a byte with number i of the next.
    private static IEnumerable<byte> GroupNibbles(int[] q) =>
        Enumerable.Range(0, 128).Select(i => (byte)(q[i / 32 * 64 + i % 32] & 15 | (q[i / 32 * 64 + 32 + i % 32] & 15) << 4));

    // As in ggml's quantiser: groups 0..3 in the low six bits; of groups 4..7 the low four bits follow, and the high two are above those of
    // groups 0..3.
    private static byte[] SixBitPairs(int[] scales, int[] minima)
    {
        var packed = new byte[12];
        for (var group = 0; group < 4; group++)
        {
            packed[group] = (byte)(scales[group] | scales[group + 4] >> 4 << 6);
            packed[group + 4] = (byte)(minima[group] | minima[group + 4] >> 4 << 6);
            packed[group + 8] = (byte)(scales[group + 4] & 15 | (minima[group + 4] & 15) << 4);
        }
        return packed;
    }
}
