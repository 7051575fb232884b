using EmotionXai.Engine.Exchange;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Models;

/// <summary>
/// The preprocessing of clips as ONNX nodes, in float64 as <see cref="Preprocessor"/> has it: alignment, series, resampling and
/// descriptors. Values are [batch, frame, point, coordinate] until they are resampled. Gaps are filled before: nodes know no missing points.
/// </summary>
internal sealed class FeatureGraph(OnnxGraph graph, LandmarkTopology topology, int dimensions, IReadOnlyList<int> kept)
{
    private const int Frame = 1, Point = 2, Coordinate = 3;

    private readonly int _width = kept.Count * dimensions;

    /// <summary>The features of the kept landmarks, [batch, row, landmark * channel], in float32.</summary>
    /// <param name="landmarks">All points of clips, [batch, frame, point, coordinate].</param>
    /// <param name="alignment">How faces are made comparable.</param>
    /// <param name="features">Which features.</param>
    /// <param name="frames">Frames that a clip is resampled to.</param>
    /// <param name="sideBySide">Whether series stand side by side.</param>
    public string Features(string landmarks, Alignment alignment, FeatureList features, int frames, bool sideBySide)
    {
        string track = Align(graph.Node("Cast", [landmarks], new OnnxAttribute("to", 11)), alignment), weights = Resampling(landmarks, frames);
        List<string> parts = [];
        foreach (Series series in features.Series)
        {
            string followed = graph.Node("Reshape", [Follow(series, track), graph.Integers("row", 0, 0, _width)]);
            string resampled = graph.Node("MatMul", [weights, followed]);
            parts.Add(resampled);
            foreach (Descriptor descriptor in features.Descriptors)
            {
                string described = DescriptorGraph.Of(graph, descriptor.Name, resampled, frames);
                if (!sideBySide) parts.Add(described);
                else for (int r = 0; r < descriptor.Rows(frames); r++) parts.Add(BesideEveryFrame(described, r, frames));
            }
        }

        string all = sideBySide ? SideBySide(parts, frames) : parts.Count == 1 ? parts[0] : graph.Node("Concat", parts, new OnnxAttribute("axis", Frame));
        return graph.Node("Cast", [all], new OnnxAttribute("to", 1));
    }

    private string Align(string track, Alignment alignment)
    {
        if (alignment == Alignment.None) return track;
        if (alignment == Alignment.Rigid) return OntoNeutral(track);
        bool perFrame = alignment == Alignment.PerFrame;
        string pose = perFrame ? track : First(track);
        string left = Mean(Points(pose, topology.LeftEye)), right = Mean(Points(pose, topology.RightEye));
        string centre = graph.Node("Mul", [graph.Node("Add", [left, right]), Number(0.5)]), across = Plane(graph.Node("Sub", [left, right]));
        string scale = graph.Node("Sqrt", [Sum(graph.Node("Mul", [across, across]), Coordinate)]);
        string aligned = graph.Node("Div", [graph.Node("Sub", [track, centre]), scale]);
        if (perFrame)
        {
            // Turned upright: the angle of the line between the eyes is taken out.
            string upright = graph.Node("Div", [across, scale]);
            return Turned(aligned, Axis(upright, 0), graph.Node("Neg", [Axis(upright, 1)]));
        }

        return alignment == Alignment.Procrustes ? Fitted(aligned, aligned, First(aligned)) : aligned;
    }

    // The anchors of every frame onto those of the neutral face.
    private string OntoNeutral(string track)
    {
        string anchors = Points(track, topology.Anchors);
        string neutral = graph.Constant("neutral", [1, 1, topology.Anchors.Count, dimensions], Aligner.NeutralOf(topology, topology.Anchors, dimensions));
        return dimensions == 3 ? FittedInSpace(track, anchors, neutral) : Fitted(track, anchors, neutral);
    }

    // [batch, frame, kept, coordinate]
    private string Follow(Series series, string track)
    {
        string chosen = Points(track, kept);
        if (series == Series.Positions) return chosen;
        string rigid = series == Series.Steadied ? Points(track, topology.Rigid) : "", moved = rigid.Length > 0 ? Fitted(chosen, rigid, First(rigid)) : chosen;
        return graph.Node("Sub", [moved, First(chosen)]);
    }

    // Similarity.Fit: some points of every frame onto others by least squares, applied to what is to be moved.
    private string Fitted(string moving, string fitted, string onto)
    {
        string from = Mean(fitted), to = Mean(onto);
        string p = Plane(graph.Node("Sub", [fitted, from])), q = Plane(graph.Node("Sub", [onto, to]));
        string size = Sum(graph.Node("Mul", [p, p]), Point, Coordinate);
        string real = Sum(graph.Node("Mul", [p, q]), Point, Coordinate);
        string imaginary = Sum(graph.Node("Sub", [graph.Node("Mul", [Axis(p, 0), Axis(q, 1)]), graph.Node("Mul", [Axis(p, 1), Axis(q, 0)])]), Point, Coordinate);

        // Where the points coincide nothing is turned or scaled.
        string apart = graph.Node("Greater", [size, Number(0)]);
        real = graph.Node("Where", [apart, graph.Node("Div", [real, size]), Number(1)]);
        imaginary = graph.Node("Where", [apart, graph.Node("Div", [imaginary, size]), Number(0)]);
        return graph.Node("Add", [Turned(graph.Node("Sub", [moving, from]), real, imaginary), to]);
    }

    // Similarity.FitInSpace, and Turn.Of.
    private string FittedInSpace(string moving, string fitted, string onto)
    {
        string from = Mean(fitted), to = Mean(onto);
        string p = graph.Node("Sub", [fitted, from]), q = graph.Node("Sub", [onto, to]);
        string products = graph.Node("MatMul", [graph.Node("Transpose", [p], new OnnxAttribute("perm", [0, 1, 3, 2])), q]);
        string n = Squares(products, Turn.ToMatrix, 16, 4), diagonal = graph.Constant("identity", [4, 4], new double[] { 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1 });
        n = graph.Node("Add", [n, graph.Node("Mul", [graph.Node("Sqrt", [Sum(graph.Node("Mul", [n, n]), Point, Coordinate)]), diagonal])]);
        for (int step = 0; step < Turn.Squarings; step++)
        {
            string square = graph.Node("MatMul", [n, n]);
            n = graph.Node("Div", [square, Sum(graph.Node("Mul", [square, diagonal]), Point, Coordinate)]);
        }

        string turn = Squares(n, Turn.ToTurn, 9, 3);
        string scale = graph.Node("Div", [Sum(graph.Node("Mul", [turn, products]), Point, Coordinate), Sum(graph.Node("Mul", [p, p]), Point, Coordinate)]);
        return graph.Node("Add", [graph.Node("Mul", [scale, graph.Node("MatMul", [graph.Node("Sub", [moving, from]), turn])]), to]);
    }

    // [batch, frame, size, size] by a table on all entries of a matrix.
    private string Squares(string matrix, IReadOnlyList<double> table, int entries, int size)
    {
        string row = graph.Node("Reshape", [matrix, graph.Integers("row", 0, 0, 1, -1)]);
        string made = graph.Node("MatMul", [row, graph.Constant("table", [table.Count / entries, entries], table.ToArray())]);
        return graph.Node("Reshape", [made, graph.Integers("square", 0, 0, size, size)]);
    }

    // Multiplied by real + i imaginary in the plane; depth stays.
    private string Turned(string track, string real, string imaginary)
    {
        string x = Axis(track, 0), y = Axis(track, 1);
        string turnedX = graph.Node("Sub", [graph.Node("Mul", [real, x]), graph.Node("Mul", [imaginary, y])]);
        string turnedY = graph.Node("Add", [graph.Node("Mul", [real, y]), graph.Node("Mul", [imaginary, x])]);
        return graph.Node("Concat", dimensions == 3 ? [turnedX, turnedY, Axis(track, 2)] : [turnedX, turnedY], new OnnxAttribute("axis", Coordinate));
    }

    // [frames, frames of the clip]: linear interpolation at equally spaced moments, row t being max(0, 1 - |at(t) - s|) over s.
    private string Resampling(string landmarks, int frames)
    {
        string count = graph.Node("Squeeze", [graph.Node("Shape", [landmarks], new OnnxAttribute("start", Frame), new OnnxAttribute("end", Frame + 1))]);
        string moments = graph.Node("Cast", [graph.Node("Range", [graph.Constant("zero", [], new long[1]), count, graph.Constant("one", [], new long[] { 1 })])], new OnnxAttribute("to", 11));
        string last = graph.Node("Sub", [graph.Node("Cast", [count], new OnnxAttribute("to", 11)), Number(1)]);
        string steps = graph.Constant("steps", [frames, 1], frames == 1 ? new double[] { 1 } : [.. Enumerable.Range(0, frames).Select(t => (double)t)]);
        string at = graph.Node("Div", [graph.Node("Mul", [steps, last]), Number(Math.Max(1, frames - 1))]);
        string apart = graph.Node("Abs", [graph.Node("Sub", [at, moments])]);
        return graph.Node("Max", [graph.Node("Sub", [Number(1), apart]), Number(0)]);
    }

    private string BesideEveryFrame(string described, int row, int frames)
    {
        string one = graph.Node("Gather", [described, graph.Integers("row", row)], new OnnxAttribute("axis", Frame));
        return graph.Node("Add", [one, graph.Constant("frames", [1, frames, 1], new double[frames])]);
    }

    private string SideBySide(List<string> parts, int frames)
    {
        string[] shaped = [.. parts.Select(p => graph.Node("Reshape", [p, graph.Integers("point", 0, frames, kept.Count, dimensions)]))];
        string joined = shaped.Length == 1 ? shaped[0] : graph.Node("Concat", shaped, new OnnxAttribute("axis", Coordinate));
        return graph.Node("Reshape", [joined, graph.Integers("features", 0, frames, parts.Count * _width)]);
    }

    private string First(string track) => graph.Node("Gather", [track, graph.Integers("first", 0)], new OnnxAttribute("axis", Frame));

    private string Points(string track, IReadOnlyList<int> points) => graph.Node("Gather", [track, graph.Integers("points", [.. points.Select(p => (long)p)])], new OnnxAttribute("axis", Point));

    private string Axis(string track, int axis) => graph.Node("Gather", [track, graph.Integers("axis", axis)], new OnnxAttribute("axis", Coordinate));

    private string Plane(string track) => dimensions == 2 ? track : graph.Node("Gather", [track, graph.Integers("plane", 0, 1)], new OnnxAttribute("axis", Coordinate));

    private string Mean(string points) => graph.Node("ReduceMean", [points, graph.Integers("over", Point)]);

    private string Sum(string values, params long[] axes) => graph.Node("ReduceSum", [values, graph.Integers("over", axes)]);

    private string Number(double value) => graph.Constant("number", [], new[] { value });
}
