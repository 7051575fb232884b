using EmotionXai.Engine.Exchange;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Models;

/// <summary>The descriptors of series (<see cref="Descriptor"/>) as ONNX nodes: from [batch, frame, column] to [batch, row, column], in float64.</summary>
internal static class DescriptorGraph
{
    /// <summary>The nodes of one descriptor.</summary>
    public static string Of(OnnxGraph graph, string name, string track, int frames) => name switch
    {
        "fourier" => Magnitudes(graph, track, frames),
        "log-fourier" => graph.Node("Log", [graph.Node("Add", [Magnitudes(graph, track, frames), Number(graph, 1e-3)])]),
        "spread" => Spread(graph, track, frames),
        "sorted" => graph.Node("TopK", [track, graph.Integers("all", frames)], [true, true], new OnnxAttribute("axis", 1), new OnnxAttribute("largest", 0))[0],
        _ => throw new NotSupportedException($"The descriptor {name} has no ONNX form."),
    };

    // |X_k| / T, the sums over time being products with cosines and sines.
    private static string Magnitudes(OnnxGraph graph, string track, int frames)
    {
        int rows = Descriptor.All.First(d => d.Name == "fourier").Rows(frames);
        double[] cosines = new double[rows * frames], sines = new double[rows * frames];
        for (int k = 0; k < rows; k++)
            for (int t = 0; t < frames; t++) (sines[(k * frames) + t], cosines[(k * frames) + t]) = Math.SinCos(2 * Math.PI * (long)k * t / frames);
        string real = Product(cosines, "cosines"), imaginary = Product(sines, "sines");
        string power = graph.Node("Add", [graph.Node("Mul", [real, real]), graph.Node("Mul", [imaginary, imaginary])]);
        return graph.Node("Div", [graph.Node("Sqrt", [power]), Number(graph, frames)]);

        string Product(double[] values, string name) => graph.Node("MatMul", [graph.Constant(name, [rows, frames], values), track]);
    }

    // Standard deviation, least, largest, length of the path.
    private static string Spread(OnnxGraph graph, string track, int frames)
    {
        string centred = graph.Node("Sub", [track, OverTime("ReduceMean", track)]);
        string deviation = graph.Node("Sqrt", [OverTime("ReduceMean", graph.Node("Mul", [centred, centred]))]);

        // Row 0 is zero, so that a clip of one frame has a path too: of length 0.
        double[] steps = new double[frames * frames];
        for (int t = 1; t < frames; t++) (steps[(t * frames) + t], steps[(t * frames) + t - 1]) = (1, -1);
        string path = OverTime("ReduceSum", graph.Node("Abs", [graph.Node("MatMul", [graph.Constant("differences", [frames, frames], steps), track])]));
        return graph.Node("Concat", [deviation, OverTime("ReduceMin", track), OverTime("ReduceMax", track), path], new OnnxAttribute("axis", 1));

        string OverTime(string op, string x) => graph.Node(op, [x, graph.Integers("over", 1)]);
    }

    private static string Number(OnnxGraph graph, double value) => graph.Constant("number", [], new[] { value });
}
