using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Exchange;

/// <summary>Distances between points in ONNX: both ends of every pair are gathered, and the rest is the same arithmetic in the same order.</summary>
internal static class OnnxDistances
{
    private const int Point = 2, Coordinate = 3;

    /// <summary>From [batch, time, points * coordinates] to [batch, time, features].</summary>
    public static string Of(OnnxGraph graph, PointDistances layer, string x, Shape clip)
    {
        string[] constants = [.. layer.Parameters.Select(p => OnnxExport.Constant(graph, p))];
        int coordinates = layer.Options.Coordinates, points = clip[-1] / coordinates;
        string places = graph.Node("Add", [graph.Node("Mul", [x, constants[0]]), constants[1]]);
        string shaped = graph.Node("Reshape", [places, graph.Integers("points", 0, 0, points, coordinates)]);
        (int First, int Second)[] pairs = [.. PairDifferencesOp.PairsOf(points)];
        string apart = graph.Node("Sub", [Ends(pairs.Select(p => p.Second)), Ends(pairs.Select(p => p.First))]), squares = graph.Node("Mul", [apart, apart]);
        string distances = graph.Node("Sqrt", [Enumerable.Range(0, coordinates).Select(Along).Aggregate((a, b) => graph.Node("Add", [a, b]))]);
        string scaled = graph.Node("Mul", [graph.Node("Sub", [distances, constants[2]]), constants[3]]);
        return layer.Options.Positions ? graph.Node("Concat", [x, scaled], new OnnxAttribute("axis", -1)) : scaled;

        string Ends(IEnumerable<int> ends) => graph.Node("Gather", [shaped, graph.Integers("ends", [.. ends.Select(e => (long)e)])], new OnnxAttribute("axis", Point));

        string Along(int coordinate) => graph.Node("Gather", [squares, graph.Constant("coordinate", [], new long[] { coordinate })], new OnnxAttribute("axis", Coordinate));
    }
}
