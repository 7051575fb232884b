using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EmotionXai.Bench.Peers;

/// <summary>A network of the benchmark: ours, and the same with the same weights of libtorch.</summary>
internal sealed record NetworkCase(string Name, ModelKind Kind, int Time, int Features, int[] Hidden)
{
    public static NetworkCase Lstm20 { get; } = new("LSTM T 20, F 936, H 64", ModelKind.Lstm, 20, 936, [64]);

    public static NetworkCase Lstm60 { get; } = new("LSTM T 60, F 136, H 64", ModelKind.Lstm, 60, 136, [64]);

    public static NetworkCase DenseWide { get; } = new("dense 18720-256-64-1", ModelKind.Dense, 20, 936, [256, 64]);

    public static NetworkCase DenseSmall { get; } = new("dense 936-128-64-1", ModelKind.Dense, 1, 936, [128, 64]);

    public int Length => Time * Features;

    // ReLU is the cheapest activation on either side, and no clip pays for dropout.
    public Classifier Ours(IBackend backend, ulong seed = 1) => new ClassifierOptions
    {
        Kind = Kind,
        Hidden = Hidden,
        Activation = Activation.Relu,
        Pooling = Pooling.Last,
        Dropout = 0,
    }.Build(backend, Time, Features, seed);

    public TorchNetwork Peer(Classifier weights) => Kind == ModelKind.Dense ? new TorchDense(weights) : new TorchLstm(weights);
}

/// <summary>A network of libtorch, [batch, time, features] to [batch, 1].</summary>
internal abstract class TorchNetwork(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>Whether the parameters track gradients; path integration does without.</summary>
    public void Freeze()
    {
        foreach (TorchSharp.Modules.Parameter parameter in parameters()) parameter.requires_grad_(false);
    }

    /// <summary>Puts our matrix [in, out] where libtorch keeps [out, in].</summary>
    protected static void Set(Tensor target, Classifier from, string name, bool transpose)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable off = no_grad();
        Engine.Autodiff.Parameter ours = from.Parameters.First(p => p.Name == name);
        float[] values = new float[ours.Value.Shape.Length];
        ours.Value.CopyTo(values);
        long[] shape = ours.Value.Shape.Rank == 2 ? [ours.Value.Shape[0], ours.Value.Shape[1]] : [ours.Value.Shape[0]];
        Tensor source = tensor(values, shape);
        target.copy_(transpose ? source.t() : source);
    }

    protected static Linear Linear(Classifier from, string name)
    {
        Engine.Autodiff.Parameter weight = from.Parameters.First(p => p.Name == name + ".weight");
        Linear layer = nn.Linear(weight.Value.Shape[0], weight.Value.Shape[1]);
        Set(layer.weight!, from, name + ".weight", transpose: true);
        Set(layer.bias!, from, name + ".bias", transpose: false);
        return layer;
    }
}

/// <summary>Three dense layers.</summary>
internal sealed class TorchDense : TorchNetwork
{
    private readonly Linear _first, _second, _readout;

    public TorchDense(Classifier weights)
        : base("dense")
    {
        (_first, _second, _readout) = (Linear(weights, "dense1"), Linear(weights, "dense2"), Linear(weights, "readout"));
        RegisterComponents();
    }

    public override Tensor forward(Tensor clips) =>
        _readout.call(nn.functional.relu(_second.call(nn.functional.relu(_first.call(clips.flatten(1))))));
}

/// <summary>An LSTM, its last state, and a readout.</summary>
internal sealed class TorchLstm : TorchNetwork
{
    private readonly LSTM _lstm;
    private readonly Linear _readout;

    public TorchLstm(Classifier weights)
        : base("lstm")
    {
        int hidden = weights.Parameters.First(p => p.Name == "recurrent.state0").Value.Shape[0];
        _lstm = nn.LSTM(weights.Features, hidden, batchFirst: true);
        _readout = Linear(weights, "readout");
        RegisterComponents();
        Set(_lstm.get_parameter("weight_ih_l0")!, weights, "recurrent.input", transpose: true);
        Set(_lstm.get_parameter("weight_hh_l0")!, weights, "recurrent.state0", transpose: true);
        Set(_lstm.get_parameter("bias_ih_l0")!, weights, "recurrent.bias", transpose: false);

        // libtorch has a second bias that does the same; training both would move the sum twice as fast as ours.
        Tensor second = _lstm.get_parameter("bias_hh_l0")!;
        using (no_grad()) second.zero_();
        second.requires_grad_(false);
    }

    public override Tensor forward(Tensor clips)
    {
        (Tensor states, _, _) = _lstm.call(clips);
        return _readout.call(states.select(1, states.shape[1] - 1));
    }
}
