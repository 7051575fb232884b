using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Explain;

/// <summary>The GPU's kernels give the attributions that the CPU's give.</summary>
public sealed class EmulatedDeviceTests
{
    [Theory]
    [InlineData(ModelKind.Dense)]
    [InlineData(ModelKind.Gru)]
    [InlineData(ModelKind.Lstm)]
    public void Attributions_are_those_of_the_cpu(ModelKind kind)
    {
        const int Time = 4, Features = 24, Clips = 3;
        float[] clips = Numbers.Singles(5, Clips * Time * Features);
        Baselines baselines = Baselines.ForAll(Numbers.Singles(6, 2 * Time * Features), Time * Features);
        using IBackend cpu = new CpuBackend(), emulated = GpuBackend.Emulated();
        List<Kept> expected = Attribute(cpu), actual = Attribute(emulated);
        Assert.Equal(Clips * 2, expected.Count);
        foreach ((Kept e, Kept a) in expected.Zip(actual))
        {
            // Relative to the largest attribution of the pair: the bar's 1e-4, and an order below.
            double largest = e.Values.Max(Math.Abs);
            Assert.True(largest > 1e-6);
            for (int i = 0; i < e.Values.Length; i++) Assert.InRange(a.Values[i], e.Values[i] - (1e-5 * largest), e.Values[i] + (1e-5 * largest));
        }

        List<Kept> Attribute(IBackend backend)
        {
            using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [12, 5] }.Build(backend, Time, Features, 3);
            return Attributions.Integrated(classifier, clips, baselines, new PathOptions { Steps = 20 });
        }
    }
}
