using EmotionXai.Bench.Peers.Native;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Exchange;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>The logit of one clip from the host and back to it, as a program gets it: from an inference session.</summary>
internal static class Inference
{
    public static IEnumerable<Row> OneClip(Settings settings, NetworkCase network)
    {
        float[] clip = Numbers.Normal(network.Length, 20), ours = new float[1];
        using CpuBackend backend = new(settings.Threads);
        using Classifier classifier = network.Ours(backend);
        using InferenceSession session = new(classifier);
        void Ours() => session.Run(clip, ours);

        Ours();
        Contest contest = new(settings);

        float theirs = 0;
        using TorchNetwork torchNetwork = network.Peer(classifier);
        torchNetwork.eval();
        using IDisposable off = inference_mode(true);
        using torch.Tensor input = tensor(clip, 1, network.Time, network.Features);
        using OnnxSession onnx = new(OnnxExport.ToBytes(classifier), network, settings.Threads, clip);
        OneDnnLstm? oneDnn = OneDnn.Open(settings.Threads) is null ? null : new(classifier, clip);
        List<(string Name, Action Way)> ways = [("libtorch", Torch), ("ONNX Runtime", () => theirs = onnx.Run())];
        if (oneDnn is not null) ways.Add(("oneDNN", () => theirs = oneDnn.Run()));
        double deviation = 0;
        foreach ((string _, Action way) in ways)
        {
            way();
            deviation = Math.Max(deviation, Agreement.Deviation(ours, [theirs]));
        }

        (Action peer, string note) = contest.Fastest(ways, seconds => 1e6 * seconds);
        yield return Row.Times($"inference, {network.Name}, one clip", "us", 1e6, contest.Run(Ours, peer), 1.5, deviation, note, Floor.Of(settings, watched =>
        {
            Classifier own = network.Ours(watched);
            InferenceSession watchedSession = new(own);
            return (new Both(watchedSession, own), () => watchedSession.Run(clip, ours));
        }));

        void Torch()
        {
            using IDisposable scope = NewDisposeScope();
            theirs = torchNetwork.call(input).item<float>();
        }
    }
}
