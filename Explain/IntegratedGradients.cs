using EmotionXai.Engine.Layers;

namespace EmotionXai.Explain;

/// <summary>How path integrals are computed.</summary>
public sealed record PathOptions
{
    /// <summary>The quadrature. Gauss-Legendre needs the fewest steps on smooth networks.</summary>
    public QuadratureRule Rule { get; init; } = QuadratureRule.GaussLegendre;

    /// <summary>Nodes of a path; with a tolerance, those of the first try.</summary>
    public int Steps { get; init; } = 16;

    /// <summary>
    /// 0 takes <see cref="Steps"/> as they are. Otherwise steps are doubled until every pair's completeness gap is at most this
    /// part of |f(x) - f(b)|, or <see cref="MaxSteps"/> is reached.
    /// </summary>
    public double Tolerance { get; init; }

    /// <summary>Where doubling ends.</summary>
    public int MaxSteps { get; init; } = 1024;

    /// <summary>The memory that the points of paths may take at once, in numbers; it bounds a run whatever its clips and steps.</summary>
    public int Budget { get; init; } = 1 << 18;
}

/// <summary>
/// Integrated Gradients (Sundararajan, Taly and Yan, ICML 2017) of the logit f at x from baseline b:
/// IG_i = (x_i - b_i) * sum over s of w_s df/dx_i(b + a_s (x - b)).
/// The stem z of a classifier is affine, so z(b + a (x - b)) = z(b) + a (z(x) - z(b)): it runs once for each clip, once for each
/// baseline and once backwards for each pair, however many steps the path has. Axioms: completeness (up to the quadrature's
/// gap), dummy, linearity, implementation invariance, symmetry.
/// </summary>
public sealed class IntegratedGradients(PathOptions options) : IAttributionMethod
{
    /// <summary>With default options.</summary>
    public IntegratedGradients()
        : this(new PathOptions())
    {
    }

    /// <inheritdoc/>
    public string Name => "integrated-gradients";

    /// <inheritdoc/>
    public void Attribute(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, IAttributionSink sink)
    {
        int length = classifier.Time * classifier.Features;
        int count = baselines.CountOf(clips, length);
        if (count == 0) return;

        using StemEnds stem = new(classifier, baselines);
        long numbers = (long)options.Steps * baselines.Count * stem.Width;
        int clipsAtOnce = (int)Math.Clamp(options.Budget / Math.Max(1, numbers), 1, count);
        for (int at = 0; at < count; at += clipsAtOnce)
        {
            int take = Math.Min(clipsAtOnce, count - at);
            stem.Load(clips.Slice(at * length, take * length), at);
            Integrate(stem, at, sink);
        }
    }

    private void Integrate(StemEnds stem, int firstClip, IAttributionSink sink)
    {
        int steps = options.Steps;
        while (true)
        {
            stem.Integrate(Quadrature.Create(options.Rule, steps), options.Budget);
            if (options.Tolerance <= 0 || steps >= options.MaxSteps || stem.WorstRelativeGap() <= options.Tolerance) break;
            steps = Math.Min(2 * steps, options.MaxSteps);
        }

        stem.Report(firstClip, steps, sink);
    }
}
