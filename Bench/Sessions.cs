using BenchmarkDotNet.Attributes;
using EmotionXai.Engine.Training;

namespace EmotionXai.Bench;

/// <summary>Batches through an inference session, from the host and back: its weights are packed once, and a call allocates nothing.</summary>
public class SessionKernel : NetworkKernel
{
    private InferenceSession _session = null!;
    private float[] _clips = [], _outputs = [];

    [Params(1, 4, 32)]
    public int Batch { get; set; }

    protected override void Prepare()
    {
        base.Prepare();
        (_session, _clips, _outputs) = (new InferenceSession(Classifier), Clips(Batch), new float[Batch]);
    }

    protected override void Call() => _session.Run(_clips, _outputs);

    protected override void Release()
    {
        _session.Dispose();
        base.Release();
    }
}
