using EmotionXai.Bench.Peers.Works;
using EmotionXai.Engine.Layers;
using Microsoft.ML.OnnxRuntime;

namespace EmotionXai.Bench.Peers;

/// <summary>Every work, by a name for --filter, with its bar.</summary>
internal static class Suite
{
    public static IEnumerable<(string Name, Func<IEnumerable<Row>> Work)> Of(Settings s)
    {
        foreach (int n in new[] { 64, 128, 256, 512, 1024, 2048 }) yield return ($"sgemm {n}", () => Products.Square(s, n));
        foreach ((bool a, bool b) in new[] { (false, true), (true, false), (true, true) }) yield return ("sgemm transposed", () => Products.Transposed(s, 512, a, b));
        foreach (int m in new[] { 1, 6, 8, 20 }) yield return ($"few rows {m}", () => Products.FewRows(s, m));
        yield return ("training lstm 20", () => Training.Epoch(s, NetworkCase.Lstm20, clips: 327, batch: 32, bar: 3));
        yield return ("training lstm 60", () => Training.Epoch(s, NetworkCase.Lstm60, clips: 440, batch: 32, bar: 3));
        yield return ("ops alone lstm 20", () => Training.OpsAlone(s, NetworkCase.Lstm20, clips: 327, batch: 32));
        yield return ("ops alone lstm 60", () => Training.OpsAlone(s, NetworkCase.Lstm60, clips: 440, batch: 32));
        yield return ("training dense wide", () => Training.Epoch(s, NetworkCase.DenseWide, clips: 327, batch: 32, bar: 8));
        yield return ("training dense small", () => Training.Epoch(s, NetworkCase.DenseSmall, clips: 2048, batch: 64, bar: 6));
        yield return ("inference lstm 20", () => Inference.OneClip(s, NetworkCase.Lstm20));
        yield return ("paths lstm 20", () => PathIntegration.Clips(s, NetworkCase.Lstm20, bar: 20));
        yield return ("paths lstm 60", () => PathIntegration.Clips(s, NetworkCase.Lstm60, bar: 7));
        yield return ("paths dense wide", () => PathIntegration.Clips(s, NetworkCase.DenseWide, bar: 50));
        yield return ("paths dense small", () => PathIntegration.Clips(s with { Clips = 4 * s.Clips }, NetworkCase.DenseSmall, bar: 20));
        yield return ("five baselines", () => PathIntegration.FiveBaselines(s, NetworkCase.Lstm20));
        yield return ("whole job dense", () => WholeJob.Reduction(s, ModelKind.Dense, [64, 32], bar: 15));
        yield return ("whole job lstm", () => WholeJob.Reduction(s, ModelKind.Lstm, [64], bar: 6));
        yield return ("process predict", () => WholeProcess.Predict(s));
        yield return ("memory", () => Memory.Run(s));
        yield return ("allocation training", () => Allocation.Training(s, NetworkCase.Lstm20));
        yield return ("allocation training dense", () => Allocation.Training(s, NetworkCase.DenseSmall));
        yield return ("allocation paths", () => Allocation.Attribution(s, NetworkCase.Lstm20));
    }
}

/// <summary>Whom we are compared with.</summary>
internal static class Versions
{
    public static string Onnx => OrtEnv.Instance().GetVersionString();

    /// <summary>A version without the name before it.</summary>
    public static string? After(string name, string? version) => version?.StartsWith(name, StringComparison.Ordinal) == true ? version[name.Length..] : version;
}
