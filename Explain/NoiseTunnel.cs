using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Explain;

/// <summary>What a noise tunnel keeps of the attributions of noisy copies.</summary>
public enum NoiseSummary
{
    /// <summary>Their mean: SmoothGrad (Smilkov et al. 2017).</summary>
    Mean,

    /// <summary>The mean of their squares: SmoothGrad-Squared (Hooker et al. 2019).</summary>
    Square,

    /// <summary>Their variance: VarGrad (Adebayo et al. 2018).</summary>
    Variance,
}

/// <summary>
/// Attributes noisy copies of every clip by another method. Every noise comes with its negative. Axioms: the mean keeps the
/// other method's dummy, linearity and implementation invariance; squares and variances keep dummy and implementation
/// invariance, and have no sign.
/// </summary>
public sealed class NoiseTunnel(IAttributionMethod inner, NoiseSummary summary, int copies = 8, double noise = 0.2, ulong seed = 1) : IAttributionMethod
{
    private const long Budget = 1 << 23; // numbers kept at a time

    /// <inheritdoc/>
    public string Name => $"{Prefix}:{inner.Name}";

    /// <inheritdoc/>
    public Axioms Axioms => inner.Axioms & (Axioms.Dummy | Axioms.ImplementationInvariance | (summary == NoiseSummary.Mean ? Axioms.Linearity : Axioms.None));

    /// <inheritdoc/>
    public AttributionMeaning Meaning => summary == NoiseSummary.Mean ? inner.Meaning : AttributionMeaning.Magnitude;

    private string Prefix => summary switch { NoiseSummary.Mean => "smooth", NoiseSummary.Square => "squared", _ => "variance" };

    /// <inheritdoc/>
    public void Attribute(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, IAttributionSink sink)
    {
        int length = classifier.Time * classifier.Features, count = baselines.CountOf(clips, length);
        int take = (int)Math.Clamp(Budget / ((long)length * baselines.Count), 1, Math.Max(1, count));
        for (int at = 0; at < count; at += take)
        {
            int now = Math.Min(take, count - at);
            Chunk(classifier, clips.Slice(at * length, now * length), baselines.Part(at, now), at, sink);
        }
    }

    private void Chunk(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, int firstClip, IAttributionSink sink)
    {
        PairBlock block = new(classifier, clips, baselines);
        Moments moments = new(block.Pairs * block.Length, block.Length, baselines.Count);
        float[] noisy = new float[clips.Length];
        for (int copy = 0; copy < copies; copy++)
        {
            for (int clip = 0; clip < block.Clips; clip++)
            {
                float[] shift = PairBlock.Normal(classifier.Backend, RandomStream.Key(seed, RandomUse.NoiseTunnel, (ulong)(((long)(firstClip + clip) * copies) + (copy / 2))), block.Length);
                float sign = (float)(copy % 2 == 0 ? noise : -noise);
                for (int i = 0; i < block.Length; i++) noisy[(clip * block.Length) + i] = clips[(clip * block.Length) + i] + (sign * shift[i]);
            }

            inner.Attribute(classifier, noisy, baselines, moments);
        }

        moments.Finish(summary, copies);
        for (int pair = 0; pair < block.Pairs; pair++)
            block.Report(pair, moments.Values.AsSpan(pair * block.Length, block.Length), copies, new Shifted(sink, firstClip));
    }

    /// <summary>Sums of attributions and of their squares.</summary>
    private sealed class Moments(int size, int length, int baselines) : IAttributionSink
    {
        private readonly double[] _squares = new double[size];

        public double[] Values { get; } = new double[size];

        public void Add(in PairAttribution pair)
        {
            int at = ((pair.Clip * baselines) + pair.Baseline) * length;
            for (int i = 0; i < length; i++)
            {
                Values[at + i] += pair.Values[i];
                _squares[at + i] += pair.Values[i] * pair.Values[i];
            }
        }

        public void Finish(NoiseSummary summary, int copies)
        {
            for (int i = 0; i < Values.Length; i++)
            {
                double mean = Values[i] / copies, square = _squares[i] / copies;
                Values[i] = summary switch { NoiseSummary.Mean => mean, NoiseSummary.Square => square, _ => Math.Max(0, square - (mean * mean)) };
            }
        }
    }

    /// <summary>Gives the clips of a chunk their places among all.</summary>
    private sealed class Shifted(IAttributionSink sink, int firstClip) : IAttributionSink
    {
        public void Add(in PairAttribution pair) => sink.Add(new PairAttribution
        {
            Clip = pair.Clip + firstClip,
            Baseline = pair.Baseline,
            Values = pair.Values,
            Output = pair.Output,
            BaselineOutput = pair.BaselineOutput,
            Gap = pair.Gap,
            Steps = pair.Steps,
        });
    }
}
