using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>The attribution of one clip against one baseline.</summary>
public readonly ref struct PairAttribution
{
    /// <summary>Which clip.</summary>
    public required int Clip { get; init; }

    /// <summary>Which of the clip's baselines.</summary>
    public required int Baseline { get; init; }

    /// <summary>[time, feature]: what each input adds to the logit (see <see cref="IAttributionMethod.Meaning"/>).</summary>
    public required ReadOnlySpan<double> Values { get; init; }

    /// <summary>The logit of the clip.</summary>
    public required double Output { get; init; }

    /// <summary>The logit of the baseline.</summary>
    public required double BaselineOutput { get; init; }

    /// <summary>|sum of the values - (output - baseline output)|: how far completeness is missed.</summary>
    public required double Gap { get; init; }

    /// <summary>Quadrature nodes used; 1 for a method without a path.</summary>
    public required int Steps { get; init; }
}

/// <summary>Takes attributions as they are computed, so that they need not all be kept.</summary>
public interface IAttributionSink
{
    /// <summary>Takes one pair. The values are only valid during the call. Pairs come in order of clip, then baseline.</summary>
    void Add(in PairAttribution pair);
}

/// <summary>A way to attribute a classifier's logit to its inputs.</summary>
public interface IAttributionMethod
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>What it promises.</summary>
    Axioms Axioms { get; }

    /// <summary>What its numbers mean.</summary>
    AttributionMeaning Meaning { get; }

    /// <summary>Attributes every clip against every baseline.</summary>
    /// <param name="classifier">What is explained.</param>
    /// <param name="clips">[clip, time, feature], scaled as in training.</param>
    /// <param name="baselines">What the clips are compared with.</param>
    /// <param name="sink">Takes the attributions.</param>
    /// <exception cref="ArgumentException">The clips are no whole number, or the baselines are not theirs.</exception>
    void Attribute(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, IAttributionSink sink);

    /// <summary>The same of clips that need not stand in memory. A method that does not say otherwise takes all of them there.</summary>
    /// <param name="classifier">What is explained.</param>
    /// <param name="clips">The clips, scaled as in training.</param>
    /// <param name="baselines">What the clips are compared with.</param>
    /// <param name="sink">Takes the attributions.</param>
    /// <exception cref="ArgumentException">The clips are of another length than the classifier's, or the baselines are not theirs.</exception>
    void Attribute(Classifier classifier, ClipRows clips, Baselines baselines, IAttributionSink sink) => Attribute(classifier, clips.Whole ?? clips.ToArray(), baselines, sink);
}

/// <summary>What methods need to be made.</summary>
public sealed record MethodSettings
{
    /// <summary>How path integrals are computed.</summary>
    public PathOptions Path { get; init; } = new();

    /// <summary>What is taken away together; null takes each feature over all time.</summary>
    public FeatureGroups? Groups { get; init; }

    /// <summary>Of everything drawn.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>Every attribution method, by name.</summary>
public static class AttributionMethods
{
    private static readonly (string Prefix, NoiseSummary Summary)[] s_tunnels =
        [("smooth:", NoiseSummary.Mean), ("squared:", NoiseSummary.Square), ("variance:", NoiseSummary.Variance)];

    /// <summary>The methods with their default options. Before each name <c>smooth:</c>, <c>squared:</c> or <c>variance:</c> may stand.</summary>
    public static IReadOnlyList<IAttributionMethod> All { get; } = Create(new MethodSettings());

    /// <summary>The methods with options.</summary>
    public static IReadOnlyList<IAttributionMethod> Create(MethodSettings settings) =>
    [
        new IntegratedGradients(settings.Path),
        new ExpectedGradients(seed: settings.Seed),
        new Gradient(timesInput: true),
        new Gradient(timesInput: false),
        new DeepLift(),
        new Occlusion(settings.Groups),
        new ShapleySampling(settings.Groups, seed: settings.Seed),
    ];

    /// <summary>The method of a name; <c>smoothgrad</c> is short for <c>smooth:gradient</c>.</summary>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public static IAttributionMethod Find(string name, MethodSettings? settings = null)
    {
        settings ??= new MethodSettings();
        if (name == "smoothgrad") name = "smooth:gradient";
        foreach ((string prefix, NoiseSummary summary) in s_tunnels)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            return new NoiseTunnel(Find(name[prefix.Length..], settings), summary, seed: settings.Seed);
        }

        return Create(settings).FirstOrDefault(m => m.Name == name)
            ?? throw new ArgumentException(
                $"There is no attribution method '{name}'; choose {string.Join(", ", All.Select(m => m.Name))}, smoothgrad, or smooth:, squared: or variance: before one of them.", nameof(name));
    }
}
