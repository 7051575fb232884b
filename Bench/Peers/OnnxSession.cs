using EmotionXai.Engine.Exchange;
using Microsoft.ML.OnnxRuntime;

namespace EmotionXai.Bench.Peers;

/// <summary>A classifier of one clip in ONNX Runtime, its input and output bound to buffers once.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly SessionOptions _options;
    private readonly InferenceSession _session;
    private readonly OrtValue _input, _output;
    private readonly RunOptions _run = new();
    private readonly float[] _logit = new float[1];

    public OnnxSession(byte[] model, NetworkCase network, int threads, float[] clip)
    {
        _options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new InferenceSession(model, _options);
        _input = OrtValue.CreateTensorValueFromMemory(clip, [1, network.Time, network.Features]);
        _output = OrtValue.CreateTensorValueFromMemory(_logit, [1, 1]);
    }

    public float Run()
    {
        _session.Run(_run, [OnnxExport.InputName], [_input], [OnnxExport.OutputName], [_output]);
        return _logit[0];
    }

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _run.Dispose();
        _session.Dispose();
        _options.Dispose();
    }
}
