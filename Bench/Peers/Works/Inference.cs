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
        using TorchNetwork peer = network.Peer(classifier);
        peer.eval();
        using torch.Tensor input = tensor(clip, 1, network.Time, network.Features);
        using (inference_mode(true))
        {
            void Peer()
            {
                using IDisposable scope = NewDisposeScope();
                theirs = peer.call(input).item<float>();
            }

            Peer();
            double deviation = Agreement.Deviation(ours, [theirs]);
            yield return Row.Times($"inference, {network.Name}, one clip", "us", 1e6, contest.Run(Ours, Peer), 4, deviation, "libtorch");
        }

        using OnnxSession onnx = new(OnnxExport.ToBytes(classifier), network, settings.Threads, clip);
        double apart = Agreement.Deviation(ours, [onnx.Run()]);
        yield return Row.Times($"inference, {network.Name}, one clip, against ONNX Runtime", "us", 1e6, contest.Run(Ours, () => onnx.Run()), 1, apart, "ONNX Runtime");
    }
}
