using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Google.Protobuf;
using ILoRA.Streaming.Inference.Graphs.Onnx;

namespace ILoRA.Streaming.Inference.Graphs;

/// <summary>
/// Builds an ONNX graph node by node. Large constants go to a separate weights file, which ONNX Runtime maps into memory.
/// </summary>
internal sealed class GraphBuilder(GraphWeights weights)
{
    private const int Float = 1;
    private const int Byte = 2;
    private const int Int64 = 7;
    private const int Double = 11;
    private const string RuntimeDomain = "com.microsoft";

    private readonly GraphProto graph = new() { Name = "ilora" };
    private readonly HashSet<string> constants = [];

    /// <summary>Adds a node with one output.</summary>
    /// <returns>The name of the output.</returns>
    public string Node(string type, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = string.Create(CultureInfo.InvariantCulture, $"{type}_{graph.Node.Count}") };
        node.Input.AddRange(inputs);
        node.Output.Add(node.Name);
        node.Attribute.AddRange(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        graph.Node.Add(node);
        return node.Name;
    }

    /// <summary>Adds a node of one of ONNX Runtime's contrib operators, with one output.</summary>
    /// <returns>The name of the output.</returns>
    public string RuntimeNode(string type, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var output = Node(type, inputs, attributes);
        graph.Node[^1].Domain = RuntimeDomain;
        return output;
    }

    public string FloatInput(string name, params object[] shape) => Input(name, Float, shape);

    public string IntegerInput(string name, params object[] shape) => Input(name, Int64, shape);

    /// <summary>Declares a float output of the graph with the value of <paramref name="source"/>.</summary>
    public void FloatOutput(string source, string name, params object[] shape)
    {
        Identity(source, name);
        graph.Output.Add(Value(name, Float, shape));
    }

    /// <summary>Adds a constant, unless one with that name exists already.</summary>
    /// <param name="name">The constant's name.</param>
    /// <param name="values">Computes the values, row-major; not called where they are in the weights file already.</param>
    /// <param name="shape">The dimensions.</param>
    /// <returns><paramref name="name"/></returns>
    public string Constant(string name, Func<float[]> values, params int[] shape) => Constant(name, Float, values, shape);

    /// <inheritdoc cref="Constant(string, Func{float[]}, int[])"/>
    public string Constant(string name, Func<double[]> values, params int[] shape) => Constant(name, Double, values, shape);

    /// <inheritdoc cref="Constant(string, Func{float[]}, int[])"/>
    public string Constant(string name, Func<byte[]> values, params int[] shape) => Constant(name, Byte, values, shape);

    public string ToFloat(string x) => Node("Cast", [x], ("to", Float));

    public string ToDouble(string x) => Node("Cast", [x], ("to", Double));

    /// <summary>Adds a node that splits its input into equal halves along the last axis.</summary>
    public (string First, string Second) Halves(string x)
    {
        var first = Node("Split", [x], ("axis", -1), ("num_outputs", 2));
        var second = first + "_second";
        graph.Node[^1].Output.Add(second);
        return (first, second);
    }

    /// <summary>Adds a small constant vector of integers; nodes with the same values share it.</summary>
    public string Integers(params long[] values) => Constant("int_" + string.Join('_', values), Int64, () => values, [values.Length]);

    public ModelProto Model(int operators)
    {
        var model = new ModelProto { IrVersion = 10, ProducerName = "ILoRA.Streaming", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = operators });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = RuntimeDomain, Version = 1 });
        return model;
    }

    private string Constant<T>(string name, int type, Func<T[]> values, int[] shape)
        where T : unmanaged
    {
        if (!constants.Add(name))
            return name;
        var tensor = new TensorProto { Name = name, DataType = type };
        tensor.Dims.AddRange(shape.Select(size => (long)size));
        var bytes = shape.Aggregate((long)Unsafe.SizeOf<T>(), (product, size) => product * size);
        if (bytes < GraphWeights.Page)
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(values()));
        else
            Refer(tensor, weights.Place(bytes, file => file.Write(MemoryMarshal.AsBytes<T>(values()))), bytes);
        graph.Initializer.Add(tensor);
        return name;
    }

    private static void Refer(TensorProto tensor, long offset, long bytes)
    {
        tensor.DataLocation = 1;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = GraphWeights.FileName });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = bytes.ToString(CultureInfo.InvariantCulture) });
    }

    private void Identity(string source, string name)
    {
        var node = new NodeProto { OpType = "Identity", Name = "output_" + name };
        node.Input.Add(source);
        node.Output.Add(name);
        graph.Node.Add(node);
    }

    private string Input(string name, int type, object[] shape)
    {
        graph.Input.Add(Value(name, type, shape));
        return name;
    }

    private static ValueInfoProto Value(string name, int type, object[] shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var size in shape)
        {
            dimensions.Dim.Add(size is string symbol
                ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
                : new TensorShapeProto.Types.Dimension { DimValue = (int)size });
        }
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type, Shape = dimensions } }
        };
    }

    private static AttributeProto Attribute(string name, object value) => value switch
    {
        int number => new AttributeProto { Name = name, I = number, Type = 2 },
        float number => new AttributeProto { Name = name, F = number, Type = 1 },
        long[] numbers => new AttributeProto { Name = name, Ints = { numbers }, Type = 7 },
        _ => throw new ArgumentException($"Attribute {name} is of the unsupported type {value.GetType()}.", nameof(value)),
    };
}
