using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Models;

/// <summary>
/// From aligned points to the scaled features that a saved model takes, as differentiable ops: what <see cref="FeatureWriter"/>,
/// <see cref="Descriptor"/> and <see cref="Standardizer"/> compute, for clips of one number of frames. In front of the model's own
/// layers it makes a classifier of trajectories. Steadying, magnitudes and extremes are not affine, so nothing of it is in the stem.
/// Inside, time is the first axis, so that every sum over time is one matrix product.
/// </summary>
internal sealed class FeatureLayer : Layer
{
    private readonly FeatureList _features;
    private readonly FeatureFrames _frames;
    private readonly int _dimensions, _kept;
    private readonly bool _sideBySide;
    private readonly Parameter _resampling, _means, _gains;
    private readonly Parameter? _chosen, _rigid;
    private readonly DescriptorOps _descriptors;

    /// <summary>The layer of a model, for clips of one length.</summary>
    /// <param name="model">Whose features.</param>
    /// <param name="backend">Where the constants live.</param>
    /// <param name="features">What is taken of a landmark.</param>
    /// <param name="frames">The frames of a clip.</param>
    /// <param name="dimensions">Coordinates a point.</param>
    public FeatureLayer(LandmarkModel model, IBackend backend, FeatureList features, FeatureFrames frames, int dimensions)
    {
        (_features, _frames, _dimensions, _kept, _sideBySide) = (features, frames, dimensions, model.Landmarks.Count, model.Preprocessing.SideBySide);
        Points = PointsOf(model, features);
        _resampling = Constant("resampling", new Shape(frames.Moments, frames.Used.Count), frames.Weights);
        if (Points.Count > _kept) _chosen = Constant("kept", new Shape(Points.Count, _kept), Choice(model.Landmarks));
        if (features.Series.Contains(Series.Steadied)) _rigid = Constant("rigid", new Shape(Points.Count, model.Topology.Rigid.Count), Choice(model.Topology.Rigid));
        _descriptors = new DescriptorOps(features, frames.Moments, Constant);

        int channels = model.Classifier.Features / _kept;
        Standardizer scaling = model.Scaling.Of([.. model.Landmarks.SelectMany(l => Enumerable.Range(l * channels, channels))]);
        Shape shape = new(model.Classifier.Time, model.Classifier.Features);
        _means = Constant("means", shape, [.. scaling.MeansByRow(model.Classifier.Time).Select(m => (double)m)]);
        _gains = Constant("gains", shape, [.. scaling.ScalesByRow(model.Classifier.Time).Select(s => 1.0 / s)]);

        Parameter Constant(string name, Shape size, double[] values)
        {
            Parameter parameter = Add(new Parameter(backend, $"features.{name}", size) { Frozen = true });
            parameter.Value.CopyFrom(values);
            return parameter;
        }
    }

    /// <summary>The points whose trajectories are taken: those kept, and those that steady them; ascending.</summary>
    public IReadOnlyList<int> Points { get; }

    /// <summary>The points whose trajectories make a model's features, ascending.</summary>
    public static IReadOnlyList<int> PointsOf(LandmarkModel model, FeatureList features) =>
        [.. model.Landmarks.Union(features.Series.Contains(Series.Steadied) ? model.Topology.Rigid : []).Order()];

    /// <inheritdoc/>
    /// <param name="tape">Records it.</param>
    /// <param name="stem">[clip, used frame, point x coordinate].</param>
    public override Tensor Body(Tape tape, Tensor stem)
    {
        int batch = stem.Shape[0];
        Tensor track = tape.Reshape(tape.Transpose(stem), new Shape(_frames.Used.Count, batch, Points.Count, _dimensions));
        Tensor[] all = [.. Enumerable.Range(0, _dimensions).Select(d => Coordinate(tape, track, d))];
        Tensor[] chosen = _chosen is null ? all : [.. all.Select(c => tape.MatrixMultiply(c, tape.Use(_chosen)))];
        List<Tensor> parts = [];
        foreach (Series series in _features.Series)
        {
            Tensor followed = Joined(tape, Follow(tape, series, all, chosen)), resampled = tape.MatrixMultiply(tape.Use(_resampling), followed);
            parts.Add(resampled);
            foreach (Descriptor descriptor in _features.Descriptors)
            {
                Tensor described = _descriptors.Of(tape, descriptor, resampled);
                if (!_sideBySide) parts.Add(described);
                else for (int r = 0; r < described.Shape[0]; r++) parts.Add(tape.Broadcast(tape.Slice(described, 0, r, 1), resampled.Shape));
            }
        }

        Tensor rows = _sideBySide ? SideBySide(tape, parts, batch) : Below(tape, parts, batch);
        return tape.Multiply(tape.Subtract(tape.Transpose(rows), tape.Use(_means)), tape.Use(_gains));
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => _means.Value.Shape;

    // [frame, clip, kept] by coordinate.
    private Tensor[] Follow(Tape tape, Series series, Tensor[] all, Tensor[] chosen)
    {
        if (series == Series.Positions) return chosen;
        Tensor[] moved = series == Series.Steadied ? Steadied(tape, all, chosen) : chosen;
        return [.. moved.Select((m, d) => tape.Subtract(m, First(tape, chosen[d])))];
    }

    // Similarity.Fit of the rigid points of every frame onto those of the first, applied to the chosen ones.
    private Tensor[] Steadied(Tape tape, Tensor[] all, Tensor[] chosen)
    {
        Tensor[] rigid = [.. all.Select(c => tape.MatrixMultiply(c, tape.Use(_rigid!)))];
        Tensor[] from = [.. rigid.Select(c => Kept(tape, tape.Mean(c, 2)))];
        Tensor[] p = [.. rigid.Select((c, d) => tape.Subtract(c, tape.Broadcast(from[d], c.Shape)))], q = [.. p.Select(c => First(tape, c))];
        Tensor size = tape.Add(Sum(tape.Square(p[0])), Sum(tape.Square(p[1])));
        Tensor real = tape.Divide(tape.Add(Sum(tape.Multiply(p[0], q[0])), Sum(tape.Multiply(p[1], q[1]))), size);
        Tensor imaginary = tape.Divide(tape.Subtract(Sum(tape.Multiply(p[0], q[1])), Sum(tape.Multiply(p[1], q[0]))), size);
        Tensor[] c = [.. chosen.Select((x, d) => tape.Subtract(x, tape.Broadcast(from[d], x.Shape)))];
        real = tape.Broadcast(real, c[0].Shape);
        imaginary = tape.Broadcast(imaginary, c[0].Shape);
        Tensor[] turned = [
            tape.Subtract(tape.Multiply(real, c[0]), tape.Multiply(imaginary, c[1])),
            tape.Add(tape.Multiply(real, c[1]), tape.Multiply(imaginary, c[0])),
            .. c.Skip(2)];
        return [.. turned.Select((t, d) => tape.Add(t, tape.Broadcast(First(tape, from[d]), t.Shape)))];

        Tensor Sum(Tensor x) => Kept(tape, tape.Sum(x, 2));
    }

    // [moment, clip, kept x coordinate] one part below the other.
    private Tensor Below(Tape tape, List<Tensor> parts, int batch)
    {
        Tensor rows = parts.Aggregate((a, b) => tape.Concatenate(a, b, 0));
        return tape.Reshape(rows, new Shape(rows.Shape[0], batch, _kept * _dimensions));
    }

    // [moment, clip, kept x channel], the parts of a landmark beside each other.
    private Tensor SideBySide(Tape tape, List<Tensor> parts, int batch)
    {
        Shape one = new(_frames.Moments, batch, _kept, _dimensions);
        Tensor channels = parts.Select(p => tape.Reshape(p, one)).Aggregate((a, b) => tape.Concatenate(a, b, 3));
        return tape.Reshape(channels, new Shape(_frames.Moments, batch, _kept * channels.Shape[3]));
    }

    // [frame, clip x kept x coordinate]
    private static Tensor Joined(Tape tape, Tensor[] coordinates)
    {
        Tensor joined = coordinates.Select(c => tape.Reshape(c, new Shape(c.Shape[0], c.Shape[1], c.Shape[2], 1))).Aggregate((a, b) => tape.Concatenate(a, b, 3));
        return tape.Reshape(joined, new Shape(joined.Shape[0], joined.Shape.Length / joined.Shape[0]));
    }

    private static Tensor Coordinate(Tape tape, Tensor track, int coordinate) => tape.Reshape(tape.Slice(track, 3, coordinate, 1), track.Shape.Without(3));

    private static Tensor First(Tape tape, Tensor x) => tape.Slice(x, 0, 0, 1);

    // [frame, clip] as [frame, clip, 1].
    private static Tensor Kept(Tape tape, Tensor x) => tape.Reshape(x, new Shape(x.Shape[0], x.Shape[1], 1));

    private double[] Choice(IReadOnlyList<int> landmarks)
    {
        double[] choice = new double[Points.Count * landmarks.Count];
        for (int i = 0; i < landmarks.Count; i++) choice[(Enumerable.Range(0, Points.Count).First(p => Points[p] == landmarks[i]) * landmarks.Count) + i] = 1;
        return choice;
    }
}
