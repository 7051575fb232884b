using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>What a network sees of points instead of their scaled coordinates.</summary>
public sealed record PointOptions
{
    /// <summary>Coordinates a point.</summary>
    public int Coordinates { get; init; } = 2;

    /// <summary>Whether the scaled coordinates stand beside the distances.</summary>
    public bool Positions { get; init; }

    /// <summary>Features of a step, of so many that come in.</summary>
    internal int Width(int features) => PairDifferencesOp.CountOf(features / Coordinates) + (Positions ? features : 0);
}

/// <summary>
/// A fixed first layer: [batch, time, points * coordinates], each coordinate scaled by itself, to the distances between all pairs of points in
/// every step, each scaled by itself, and behind the coordinates where those stay. No training changes it. The order is that of
/// <see cref="PairDifferencesOp.PairsOf"/>; the number of distances grows with the square of the points'.
/// </summary>
public sealed class PointDistances : Layer
{
    /// <summary>The layer's name, which its parameters' names begin with.</summary>
    public const string Name = "distances";

    /// <summary>Points at most: 4,950 distances.</summary>
    public const int MostPoints = 100;

    private readonly Parameter _scales, _centres, _means, _gains;
    private readonly int _points;

    /// <summary>A layer that takes coordinates and distances as they are, until it is told their scales.</summary>
    /// <param name="backend">Where the constants live.</param>
    /// <param name="features">Coordinates of all points.</param>
    /// <param name="options">What the network sees.</param>
    /// <exception cref="ArgumentException">The coordinates are no whole number of points, or there are too few or too many.</exception>
    public PointDistances(IBackend backend, int features, PointOptions options)
    {
        if (options.Coordinates < 1 || features % options.Coordinates != 0) throw new ArgumentException($"{features} features are no whole number of points of {options.Coordinates} coordinates.", nameof(features));
        _points = features / options.Coordinates;
        if (_points is < 2 or > MostPoints) throw new ArgumentException($"Distances are taken between 2 to {MostPoints} points, and these are {_points}.", nameof(features));
        (Options, Width, Pairs) = (options, options.Width(features), PairDifferencesOp.CountOf(_points));
        _scales = Constant("scale", features, 1);
        _centres = Constant("centre", features, 0);
        _means = Constant("mean", Pairs, 0);
        _gains = Constant("gain", Pairs, 1);

        Parameter Constant(string name, int count, double value)
        {
            Parameter parameter = Add(new Parameter(backend, $"{Name}.{name}", new Shape(count)) { Frozen = true });
            backend.Fill(parameter.Value.Data, value);
            return parameter;
        }
    }

    /// <summary>What the network sees.</summary>
    public PointOptions Options { get; }

    /// <summary>Features of a step that it gives.</summary>
    public int Width { get; }

    /// <summary>Distances.</summary>
    public int Pairs { get; }

    /// <summary>Says how coordinates were scaled: each is what comes in, times its scale, plus its centre.</summary>
    /// <param name="scales">[point, coordinate].</param>
    /// <param name="centres">[point, coordinate].</param>
    public void SetPlaces(ReadOnlySpan<float> scales, ReadOnlySpan<float> centres)
    {
        _scales.Value.CopyFrom(scales);
        _centres.Value.CopyFrom(centres);
    }

    /// <summary>Says how distances are scaled: less their mean, times their gain.</summary>
    /// <param name="means">[pair].</param>
    /// <param name="gains">[pair].</param>
    public void SetDistances(ReadOnlySpan<float> means, ReadOnlySpan<float> gains)
    {
        _means.Value.CopyFrom(means);
        _gains.Value.CopyFrom(gains);
    }

    /// <summary>The distances as they are, [batch * time, pairs].</summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="clips">[batch, time, points * coordinates], scaled.</param>
    public Tensor Unscaled(Tape tape, Tensor clips)
    {
        if (clips.Shape.Rank != 3 || clips.Shape[2] != _points * Options.Coordinates)
            ShapeError.BadShape(nameof(PointDistances), $"the input is [batch, time, {_points * Options.Coordinates}]", clips.Shape);
        Tensor places = tape.Add(tape.Multiply(clips, tape.Use(_scales)), tape.Use(_centres));
        return tape.PairDistances(tape.Reshape(places, new Shape(clips.Shape[0] * clips.Shape[1], _points, Options.Coordinates)));
    }

    /// <inheritdoc/>
    public override Tensor Body(Tape tape, Tensor stem)
    {
        Tensor scaled = tape.Multiply(tape.Subtract(Unscaled(tape, stem), tape.Use(_means)), tape.Use(_gains));
        Tensor distances = tape.Reshape(scaled, stem.Shape.With(2, Pairs));
        return Options.Positions ? tape.Concatenate(stem, distances, 2) : distances;
    }

    // It has none: what comes in is passed on.
    internal override bool StemIsKnown => true;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.With(1, Width);
}
