using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using ILoRA.Streaming.Inference.Graphs.Onnx;

namespace ILoRA.Streaming.Inference.Graphs;

/// <summary>Builds an ONNX graph node by node; large constants go to a weights file beside it, so that the runtime maps instead of parsing them.</summary>
internal sealed class GraphBuilder(Stream weights, string weightsFile)
{
    private const int Float = 1;
    private const int Int64 = 7;
    private const int Double = 11;

    // Smaller constants stay inside the model file; the others start on a page, as mapping wants it.
    private const int Page = 4096;

    private readonly GraphProto graph = new() { Name = "ilora" };
    private readonly HashSet<string> constants = [];

    /// <summary>Adds a node with one output.</summary>
    public string Node(string type, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = string.Create(CultureInfo.InvariantCulture, $"{type}_{graph.Node.Count}") };
        node.Input.AddRange(inputs);
        node.Output.Add(node.Name);
        node.Attribute.AddRange(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        graph.Node.Add(node);
        return node.Name;
    }

    public string FloatInput(string name, params object[] shape) => Input(name, Float, shape);

    public string IntegerInput(string name, params object[] shape) => Input(name, Int64, shape);

    /// <summary>Names <paramref name="source"/> as a float output of the graph.</summary>
    public void FloatOutput(string source, string name, params object[] shape)
    {
        Identity(source, name);
        graph.Output.Add(Value(name, Float, shape));
    }

    public string Constant(string name, ReadOnlySpan<float> values, params int[] shape) => Constant(name, Float, MemoryMarshal.AsBytes(values), shape);

    public string Constant(string name, ReadOnlySpan<double> values, params int[] shape) => Constant(name, Double, MemoryMarshal.AsBytes(values), shape);

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

    /// <summary>A small integer vector, shared by all nodes that use the same one.</summary>
    public string Integers(params long[] values) => Constant("int_" + string.Join('_', values), Int64, MemoryMarshal.AsBytes<long>(values), [values.Length]);

    public ModelProto Model(int operators)
    {
        var model = new ModelProto { IrVersion = 10, ProducerName = "ILoRA.Streaming", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = operators });
        return model;
    }

    private string Constant(string name, int type, ReadOnlySpan<byte> bytes, int[] shape)
    {
        if (!constants.Add(name))
            return name;
        var tensor = new TensorProto { Name = name, DataType = type };
        tensor.Dims.AddRange(shape.Select(size => (long)size));
        if (bytes.Length < Page)
            tensor.RawData = ByteString.CopyFrom(bytes);
        else
            WriteBeside(tensor, bytes);
        graph.Initializer.Add(tensor);
        return name;
    }

    private void WriteBeside(TensorProto tensor, ReadOnlySpan<byte> bytes)
    {
        weights.Write(new byte[(Page - weights.Position % Page) % Page]);
        tensor.DataLocation = 1;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = weightsFile });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = weights.Position.ToString(CultureInfo.InvariantCulture) });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = bytes.Length.ToString(CultureInfo.InvariantCulture) });
        weights.Write(bytes);
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
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type, Shape = dimensions } } };
    }

    private static AttributeProto Attribute(string name, object value) => value switch
    {
        int number => new AttributeProto { Name = name, I = number, Type = 2 },
        float number => new AttributeProto { Name = name, F = number, Type = 1 },
        long[] numbers => new AttributeProto { Name = name, Ints = { numbers }, Type = 7 },
        _ => throw new ArgumentException($"Attribute {name} is of the unsupported type {value.GetType()}.", nameof(value)),
    };
}
