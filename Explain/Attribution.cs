using EmotionXai.Engine.Layers;

namespace EmotionXai.Explain;

/// <summary>The attribution of one clip against one baseline.</summary>
public readonly ref struct PairAttribution
{
    /// <summary>Which clip.</summary>
    public required int Clip { get; init; }

    /// <summary>Which of the clip's baselines.</summary>
    public required int Baseline { get; init; }

    /// <summary>[time, feature]: what each input adds to the logit.</summary>
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

    /// <summary>Attributes every clip against every baseline.</summary>
    /// <param name="classifier">What is explained.</param>
    /// <param name="clips">[clip, time, feature], scaled as in training.</param>
    /// <param name="baselines">What the clips are compared with.</param>
    /// <param name="sink">Takes the attributions.</param>
    /// <exception cref="ArgumentException">The clips are no whole number, or the baselines are not theirs.</exception>
    void Attribute(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, IAttributionSink sink);
}

/// <summary>Every attribution method, by name.</summary>
public static class AttributionMethods
{
    /// <summary>The methods with their default options.</summary>
    public static IReadOnlyList<IAttributionMethod> All { get; } =
    [
        new IntegratedGradients(),
        new Gradient(timesInput: true),
        new Gradient(timesInput: false),
    ];

    /// <summary>The method of a name.</summary>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public static IAttributionMethod Find(string name) => All.FirstOrDefault(m => m.Name == name)
        ?? throw new ArgumentException($"There is no attribution method '{name}'; choose {string.Join(", ", All.Select(m => m.Name))}.", nameof(name));
}
