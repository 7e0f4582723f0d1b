using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Devices;

/// <summary>Copies values between arrays and LibTorch tensors.</summary>
internal static class TensorValues
{
    /// <summary>Creates a tensor that is detached from the current dispose scopes; the caller disposes of it.</summary>
    public static Tensor Keep(this float[] values, Device device, params long[] shape)
    {
        using var scope = NewDisposeScope();
        return tensor(values, shape).to(device).DetachFromDisposeScope();
    }

    /// <summary>Creates a trainable parameter that is detached from the current dispose scopes; the caller disposes of it.</summary>
    public static Parameter KeepParameter(this float[] values, Device device, params long[] shape)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(tensor(values, shape).to(device), requires_grad: true);
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    /// <returns>A copy of the values, row-major, as float32.</returns>
    public static float[] Values(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }

    /// <summary>Overwrites the first rows of <paramref name="tensor"/>.</summary>
    public static void Overwrite(this Tensor tensor, float[] values)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var rows = values.Length / (tensor.numel() / tensor.shape[0]);
        var shape = tensor.shape.ToArray();
        shape[0] = rows;
        tensor.narrow(0, 0, rows).copy_(torch.tensor(values, shape));
    }
}
