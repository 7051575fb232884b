using Microsoft.ML.OnnxRuntime;

namespace EmotionXai.Tests.Engine.Exchange;

/// <summary>A model file in ONNX Runtime, on one thread.</summary>
internal sealed class OnnxRuntimeSession : IDisposable
{
    private readonly SessionOptions _options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
    private readonly Microsoft.ML.OnnxRuntime.InferenceSession _session;

    public OnnxRuntimeSession(string path) => _session = new(path, _options);

    public Microsoft.ML.OnnxRuntime.InferenceSession Runtime => _session;

    /// <summary>One output of one input.</summary>
    public float[] Run(float[] values, long[] extents, string? output = null)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(values, extents);
        using RunOptions run = new();
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(run, [_session.InputNames[0]], [input], [output ?? _session.OutputNames[0]]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }
}
