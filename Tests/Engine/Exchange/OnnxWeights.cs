using EmotionXai.Engine.Exchange;

namespace EmotionXai.Tests.Engine.Exchange;

/// <summary>Weights of graphs that tests build.</summary>
internal static class OnnxWeights
{
    /// <summary>A constant of any numbers, the same for the same name and extents.</summary>
    public static string W(OnnxGraph graph, string name, params int[] extents) => graph.Constant(name, extents, Numbers.Singles(name.Length + extents[0], extents.Aggregate(1, (a, b) => a * b)));
}
