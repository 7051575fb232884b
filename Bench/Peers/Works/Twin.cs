using System.Globalization;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Exchange;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Serialization;
using EmotionXai.Engine.Training;
using TorchSharp;
using static TorchSharp.torch;
using Shape = EmotionXai.Engine.Tensors.Shape;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>
/// The same training, step by step, here and in libtorch: equal weights to begin with, equal batches, AdamW with equal settings. And
/// libtorch's modules, their weights read here by PyTorch's names: equal outputs.
/// </summary>
internal static class Twin
{
    public const string Verb = "twin";

    private const int Steps = 100, Batch = 32;
    private const long MostOfAStep = 16_000_000;
    private const double Rate = 1e-3, Decay = 0.01, Bound = 1e-5;

    /// <summary>Prints what was compared; the exit code.</summary>
    public static int Run()
    {
        Console.WriteLine($"{Steps} steps of AdamW, rate {Rate.ToString(CultureInfo.InvariantCulture)}, decay {Decay.ToString(CultureInfo.InvariantCulture)}, batches of {Batch}; libtorch {torch.__version__}; bound {Bound:0e+0}");
        bool all = true;
        foreach (NetworkCase network in (NetworkCase[])[NetworkCase.DenseSmall, NetworkCase.Lstm60, NetworkCase.Lstm20]) all &= Trains(network);
        foreach ((string name, Func<CpuBackend, Model> ours, Func<Peers> peer) in Modules()) all &= Loads(name, ours, peer());
        return all ? 0 : 1;
    }

    private static bool Trains(NetworkCase network)
    {
        using CpuBackend backend = new();
        using Classifier classifier = network.Ours(backend);
        using TorchNetwork peer = network.Peer(classifier);
        using optim.Optimizer theirs = optim.AdamW(peer.parameters().Where(p => p.requires_grad), Rate, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: Decay);
        using Adam ours = new(backend, classifier.Parameters, Decay, decoupled: true, beta1: 0.9, beta2: 0.999, epsilon: 1e-8);
        using Tape tape = new(backend, training: true) { Deferred = true };
        Engine.Tensors.Tensor x = tape.Input(new Shape(Batch, network.Time, network.Features)), t = tape.Input(new Shape(Batch, 1));
        Engine.Tensors.Tensor loss = tape.BinaryCrossEntropy(classifier.Apply(tape, x), t);

        // Eight batches, each seen many times, so that the loss falls far.
        float[][] clips = [.. Enumerable.Range(0, 8).Select(i => Numbers.Normal(Batch * network.Length, 40 + (ulong)i))];
        float[][] targets = [.. Enumerable.Range(0, 8).Select(i => Numbers.Labels(Batch, 60 + (ulong)i))];
        double worst = 0, first = 0, last = 0;
        int worstStep = 0;
        for (int step = 0; step < Steps; step++)
        {
            float[] batch = clips[step % 8], labels = targets[step % 8];
            x.CopyFrom(batch);
            t.CopyFrom(labels);
            tape.Replay();
            tape.Backward(loss);
            ours.Step(Rate);
            last = loss.ToDoubleArray()[0];
            if (step == 0) first = last;
            double apart = Math.Abs(last - Step(peer, theirs, batch, labels, network));
            if (apart > worst) (worst, worstStep) = (apart, step);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{network.Name,-28} loss {first:0.0000} to {last:0.0000}, furthest apart {worst:0.0e+0} at step {worstStep + 1}"));
        return worst <= Bound;
    }

    private static double Step(TorchNetwork peer, optim.Optimizer optimizer, float[] clips, float[] labels, NetworkCase network)
    {
        using IDisposable scope = NewDisposeScope();
        torch.Tensor loss = nn.functional.binary_cross_entropy_with_logits(peer.call(tensor(clips, Batch, network.Time, network.Features)), tensor(labels, Batch, 1));
        optimizer.zero_grad();
        loss.backward();

        // TorchSharp 0.107's AdamW lets go of scalars that libtorch still reads: no collection may come between (a crash within 200 steps else).
        bool held = GC.TryStartNoGCRegion(MostOfAStep);
        optimizer.step();
        if (held && System.Runtime.GCSettings.LatencyMode == System.Runtime.GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
        return loss.item<float>();
    }

    private const int Time = 30, Inputs = 20, Hidden = 24;

    private static IEnumerable<(string Name, Func<CpuBackend, Model> Ours, Func<Peers> Peer)> Modules()
    {
        yield return ("LSTM", b => Recurrent(b, RecurrentCell.Lstm, false), () => Of("m", nn.LSTM(Inputs, Hidden, batchFirst: true), (m, x) => m.call(x).Item1));
        yield return ("LSTM, both directions", b => Recurrent(b, RecurrentCell.Lstm, true), () => Of("m", nn.LSTM(Inputs, Hidden, batchFirst: true, bidirectional: true), (m, x) => m.call(x).Item1));
        yield return ("GRU, both directions", b => Recurrent(b, RecurrentCell.Gru, true), () => Of("m", nn.GRU(Inputs, Hidden, batchFirst: true, bidirectional: true), (m, x) => m.call(x).Item1));
        yield return ("RNN", b => Recurrent(b, RecurrentCell.Elman, false), () => Of("m", nn.RNN(Inputs, Hidden, batchFirst: true), (m, x) => m.call(x).Item1));
        yield return ("Conv1d", b => Model(b, d => [new Convolution(d, "m", Inputs, Hidden, width: 5, stride: 2, padding: 2)]), () => Of("m", nn.Conv1d(Inputs, Hidden, 5, stride: 2, padding: 2), (m, x) => m.call(x.transpose(1, 2)).transpose(1, 2)));
        yield return ("LayerNorm", b => Model(b, d => [new LayerNorm(d, "m", Inputs)]), () => Of("m", nn.LayerNorm(Inputs), (m, x) => m.call(x)));
        yield return ("Linear", b => new Model(b, Time, Inputs, new Dense(new Initializer(b, 1), "m", Time * Inputs, 3, Activation.Identity)), () => Of("m", nn.Linear(Time * Inputs, 3), (m, x) => m.call(x.flatten(1))));
    }

    // All states are compared: a model ends in one vector a clip, so the states are laid out as one.
    private static Model Recurrent(CpuBackend backend, RecurrentCell cell, bool both) => Model(backend, d => [new Recurrent(d, "m", cell, Inputs, Hidden, both)]);

    private static Model Model(CpuBackend backend, Func<Initializer, Layer[]> layers) => new(backend, Time, Inputs, [.. layers(new Initializer(backend, 1)), new Laid()]);

    private static bool Loads(string name, Func<CpuBackend, Model> build, Peers peer)
    {
        const int Clips = 16;
        string path = Path.GetTempFileName();
        try
        {
            SafeTensors.Write(path, peer.Weights, new Dictionary<string, string>());
            using CpuBackend backend = new();
            using Model model = build(backend);
            TorchWeights.Load(model, path);
            float[] clips = Numbers.Normal(Clips * Time * Inputs, 80), theirs = peer.Outputs(clips, Clips);
            double[] ours = Predictor.Outputs(model, clips);
            double worst = ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28} weights of libtorch, {ours.Length} outputs, furthest apart {worst:0.0e+0}"));
            return ours.Length == theirs.Length && worst <= Bound;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Peers Of<TModule>(string name, TModule module, Func<TModule, torch.Tensor, torch.Tensor> call)
        where TModule : nn.Module => new(
            [.. module.named_parameters().Select(p => new NamedTensor($"{name}.{p.name}", [.. p.parameter.shape.Select(e => (int)e)], p.parameter.detach().contiguous().data<float>().ToArray()))],
            (clips, count) =>
            {
                using IDisposable scope = NewDisposeScope(), off = no_grad();
                return call(module, tensor(clips, count, Time, Inputs)).contiguous().data<float>().ToArray();
            });

    /// <summary>A module of libtorch: its weights by PyTorch's names, and what it makes of clips.</summary>
    private sealed record Peers(IReadOnlyList<NamedTensor> Weights, Func<float[], int, float[]> Outputs);

    /// <summary>All steps side by side.</summary>
    private sealed class Laid : Layer
    {
        public override Engine.Tensors.Tensor Body(Tape tape, Engine.Tensors.Tensor stem) => tape.Reshape(stem, new Shape(stem.Shape[0], stem.Shape[1] * stem.Shape[2]));

        public override Shape OutputShape(Shape input) => new(input.Length);
    }
}
