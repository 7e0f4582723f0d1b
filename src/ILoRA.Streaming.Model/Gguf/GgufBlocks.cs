using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ILoRA.Streaming.Model.Gguf;

/// <summary>
/// Dequantises blocks of GGUF tensors, by the formats of https://github.com/ggml-org/ggml (<c>ggml-quants.c</c>, <c>dequantize_row_*</c>).
/// q are the stored integers; d and m are the scale and the minimum of a block, in half precision.
/// </summary>
internal static class GgufBlocks
{
    private const int Small = 32;
    private const int Super = 256;

    /// <summary>Dequantises consecutive blocks.</summary>
    /// <param name="type">The type of the blocks.</param>
    /// <param name="blocks">The bytes of whole blocks.</param>
    /// <param name="values">Receives the numbers; of the length that the blocks hold.</param>
    public static void Dequantise(GgufType type, ReadOnlySpan<byte> blocks, Span<float> values)
    {
        var (numbers, bytes) = GgufTypes.Block(type);
        for (int at = 0, from = 0; at < values.Length; at += numbers, from += bytes)
            Block(type, blocks.Slice(from, bytes), values.Slice(at, numbers));
    }

    private static void Block(GgufType type, ReadOnlySpan<byte> x, Span<float> y)
    {
        switch (type)
        {
            case GgufType.F32:
                y[0] = BinaryPrimitives.ReadSingleLittleEndian(x);
                break;
            case GgufType.F16:
                y[0] = Half(x);
                break;
            case GgufType.BF16:
                y[0] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(x) << 16);
                break;
            case GgufType.Q4_0:
                Nibbles(x[2..], 0, Half(x), -8 * Half(x), y);
                break;
            case GgufType.Q4_1:
                Nibbles(x[4..], 0, Half(x), Half(x[2..]), y);
                break;
            case GgufType.Q5_0:
                Nibbles(x[6..], BinaryPrimitives.ReadUInt32LittleEndian(x[2..]), Half(x), -16 * Half(x), y);
                break;
            case GgufType.Q5_1:
                Nibbles(x[8..], BinaryPrimitives.ReadUInt32LittleEndian(x[4..]), Half(x), Half(x[2..]), y);
                break;
            case GgufType.Q8_0:
                for (var i = 0; i < Small; i++)
                    y[i] = Half(x) * (sbyte)x[2 + i];
                break;
            case GgufType.Q4_K:
                Scaled(x, default, x[16..], y);
                break;
            case GgufType.Q5_K:
                Scaled(x, x.Slice(16, 32), x[48..], y);
                break;
            case GgufType.Q6_K:
                SixBits(x, y);
                break;
        }
    }

    // y = d q + m. Low nibbles hold the first half of a block, high nibbles the second; bit i of fifth is bit 4 of number i.
    private static void Nibbles(ReadOnlySpan<byte> q, uint fifth, float d, float m, Span<float> y)
    {
        const int half = Small / 2;
        for (var i = 0; i < half; i++)
        {
            y[i] = d * ((q[i] & 0xF) | (int)(fifth >> i & 1) << 4) + m;
            y[i + half] = d * (q[i] >> 4 | (int)(fifth >> (i + half) & 1) << 4) + m;
        }
    }

    // y = d s q - dmin m. Eight groups of 32 numbers, each with a six-bit scale s and minimum m. Two groups share 32 bytes of nibbles.
    private static void Scaled(ReadOnlySpan<byte> block, ReadOnlySpan<byte> fifth, ReadOnlySpan<byte> q, Span<float> y)
    {
        var (d, minimum) = (Half(block), Half(block[2..]));
        var packed = block.Slice(4, 12);
        for (var group = 0; group < Super / Small; group++)
        {
            var (scale, offset) = SixBitPair(packed, group);
            var (s, m) = (d * scale, minimum * offset);
            var nibbles = q.Slice(group / 2 * Small, Small);
            for (var i = 0; i < Small; i++)
            {
                var high = fifth.IsEmpty ? 0 : (fifth[i] >> group & 1) << 4;
                y[group * Small + i] = s * (nibbles[i] >> 4 * (group % 2) & 0xF | high) - m;
            }
        }
    }

    // Twelve bytes hold eight scales and eight minima: groups 0..3 in the low six bits, groups 4..7 split into four low and two high bits.
    private static (int Scale, int Minimum) SixBitPair(ReadOnlySpan<byte> packed, int group) => group < 4
        ? (packed[group] & 63, packed[group + 4] & 63)
        : (packed[group + 4] & 0xF | packed[group - 4] >> 6 << 4, packed[group + 4] >> 4 | packed[group] >> 6 << 4);

    // y = d s (q - 32). Layout: low nibbles [128], upper two bits [64], signed scales s [16] of 16 numbers each, d. A block has two halves
    // of 128 numbers, each of four quarters of 32.
    private static void SixBits(ReadOnlySpan<byte> x, Span<float> y)
    {
        var scales = MemoryMarshal.Cast<byte, sbyte>(x.Slice(192, 16));
        var d = Half(x[208..]);
        for (var i = 0; i < Super; i++)
        {
            int half = i / 128, quarter = i % 128 / Small, place = i % Small;
            var low = x[half * 64 + quarter % 2 * Small + place] >> 4 * (quarter / 2) & 0xF;
            var high = x[128 + half * Small + place] >> 2 * quarter & 3;
            y[i] = d * scales[i / 16] * ((low | high << 4) - 32);
        }
    }

    private static float Half(ReadOnlySpan<byte> x) => (float)BinaryPrimitives.ReadHalfLittleEndian(x);
}
