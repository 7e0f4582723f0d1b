using System.Buffers.Binary;

namespace ILoRA.Streaming.Model.Gguf;

/// <summary>
/// The metadata of a GGUF header. Integers are held as long, floating-point numbers as double, arrays as string[], int[] or float[].
/// </summary>
internal sealed class GgufMetadata(string source)
{
    private const int TextType = 8;
    private const int ArrayType = 9;

    // The bytes of the smallest pair: name length (8), type (4), value (1).
    private const int SmallestPair = 13;

    private readonly Dictionary<string, object> values = new(StringComparer.Ordinal);

    public string Source => source;

    /// <summary>Reads the given number of pairs.</summary>
    /// <exception cref="InvalidDataException">A pair is invalid, or a key occurs twice.</exception>
    public static GgufMetadata Read(GgufCursor cursor, int count, string source)
    {
        var metadata = new GgufMetadata(source);
        for (var i = 0; i < count; i++)
        {
            var name = cursor.Text();
            if (!metadata.values.TryAdd(name, metadata.Value(cursor, cursor.UInt32())))
                throw new InvalidDataException($"{source} gives '{name}' twice; it is not a whole GGUF file.");
        }
        return metadata;
    }

    public static int Count(GgufCursor cursor) => cursor.Count(SmallestPair, "keys");

    public bool Has(string name) => values.ContainsKey(name);

    public string Text(string name, string? otherwise = null) => Get(name, otherwise);

    public bool Flag(string name, bool otherwise) => Get<object>(name, otherwise) is bool flag ? flag : throw Wrong(name, "a truth value");

    /// <summary>An integer that fits 32 bits.</summary>
    public int Integer(string name, int? otherwise = null) =>
        Get<object>(name, otherwise is { } value ? (long)value : null) is long whole and >= int.MinValue and <= int.MaxValue
            ? (int)whole : throw Wrong(name, "an integer");

    public double Number(string name, double? otherwise = null) => Get<object>(name, otherwise) switch
    {
        double number => number,
        long whole => whole,
        _ => throw Wrong(name, "a number"),
    };

    public string[] Texts(string name) => Get<string[]>(name, null);

    public int[] Integers(string name) => Get<int[]>(name, null);

    public float[] Numbers(string name) => Get<float[]>(name, null);

    private T Get<T>(string name, T? otherwise)
        where T : class
    {
        if (values.TryGetValue(name, out var value))
            return value as T ?? throw Wrong(name, typeof(T).Name);
        return otherwise ?? throw new InvalidDataException($"{source}: '{name}' is missing.");
    }

    private InvalidDataException Wrong(string name, string wanted) => new($"{source}: '{name}' is {values[name]}; expected {wanted}.");

    private object Value(GgufCursor cursor, uint type)
    {
        if (type == TextType)
            return cursor.Text();
        return type == ArrayType ? Array(cursor) : Scalar(type, cursor.Bytes(SizeOf(type)));
    }

    private object Array(GgufCursor cursor)
    {
        var type = cursor.UInt32();
        if (type == TextType)
            return Many(cursor.Count(8, "texts"), cursor.Text);
        var size = SizeOf(type);
        var count = cursor.Count(size, "numbers");
        return type is 6 or 12
            ? Many(count, () => (float)(double)Scalar(type, cursor.Bytes(size)))
            : Many(count, () => Whole(Scalar(type, cursor.Bytes(size))));
    }

    private static T[] Many<T>(int count, Func<T> read)
    {
        var many = new T[count];
        for (var i = 0; i < count; i++)
            many[i] = read();
        return many;
    }

    private int Whole(object value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long whole and >= int.MinValue and <= int.MaxValue => (int)whole,
        _ => throw new InvalidDataException($"{source} has an array with {value}; 32 bits are expected."),
    };

    private static object Scalar(uint type, ReadOnlySpan<byte> bytes) => type switch
    {
        0 => (long)bytes[0],
        1 => (long)(sbyte)bytes[0],
        2 => (long)BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        3 => (long)BinaryPrimitives.ReadInt16LittleEndian(bytes),
        4 => (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        5 => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
        6 => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
        7 => bytes[0] != 0,
        12 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };

    private int SizeOf(uint type) => type switch
    {
        0 or 1 or 7 => 1,
        2 or 3 => 2,
        4 or 5 or 6 => 4,
        10 or 11 or 12 => 8,
        _ => throw new InvalidDataException($"{source} has a value of the unknown type {type}; it is not a whole GGUF file."),
    };
}
