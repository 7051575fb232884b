using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Exchange;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using Xunit;
using static EmotionXai.Tests.Engine.Exchange.OnnxWeights;

namespace EmotionXai.Tests.Engine.Exchange;

/// <summary>Networks whose branches part and meet again come back from ONNX files and give what ONNX Runtime gives.</summary>
public sealed class OnnxBranchesTests : IDisposable
{
    private const int Time = 4, Features = 3, Clips = 5;

    private readonly TemporaryFolder _folder = new();
    private readonly CpuBackend _backend = new();

    public static TheoryData<ModelKind, int[], double, Pooling> RandomNetworks
    {
        get
        {
            TheoryData<ModelKind, int[], double, Pooling> data = [];
            foreach (ModelKind kind in Enum.GetValues<ModelKind>().Where(k => k.IsRandom()))
            {
                data.Add(kind, [5], 1, Pooling.Last);
                data.Add(kind, [5, 4, 3], 1, Pooling.Mean);
                data.Add(kind, [5, 4], 0, Pooling.Max);
            }

            return data;
        }
    }

    public static TheoryData<string> Graphs => [.. s_graphs.Select(g => g.Name)];

    public static TheoryData<string, string> Refusals => new(s_refused.Select(r => (r.Name, r.Said)));

    public void Dispose()
    {
        _backend.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(RandomNetworks))]
    public void Random_networks_are_read_back_and_explained(ModelKind kind, int[] hidden, double direct, Pooling pooling)
    {
        using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = hidden, Pooling = pooling, Activation = Activation.Tanh, Random = new() { Direct = direct } }.Build(_backend, Time, Features, seed: 3);
        OnnxExport.Write(classifier, _folder["m.onnx"]);
        using Model read = OnnxImport.Read(_folder["m.onnx"], _backend, kind.IsDense() ? null : Time);
        float[] clips = Numbers.Singles(1, Clips * Time * Features);
        Near(Predictor.Outputs(classifier, clips), Predictor.Outputs(read, clips));
        if (kind.IsDense()) Assert.Equal(classifier.MultiplyAdds, read.MultiplyAdds);
        Assert.Equal(OnnxExport.TimeIsFree(classifier), OnnxExport.TimeIsFree(read));

        // What attributes to the one attributes to the other.
        using Classifier output = read.Output(0);
        Near(Relevance(classifier), Relevance(output), 1e-4);

        double[] Relevance(Classifier of)
        {
            GroupRelevance relevance = new(Time, [0, 1, 2], 3);
            new IntegratedGradients().Attribute(of, clips, Baselines.Zero(Time * Features), relevance);
            return relevance.Signed;
        }
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void A_graph_from_elsewhere_gives_what_ONNX_Runtime_gives_and_is_written_again(string name)
    {
        OnnxGraph graph = new();
        string x = graph.Input("x", "", OnnxAxis.Free("batch"), Time, Features);
        graph.Output(s_graphs.Single(g => g.Name == name).Make(graph, x), "y", "", OnnxAxis.Free("batch"), 2);
        graph.Write(_folder["theirs.onnx"], "");
        using Model model = OnnxImport.Read(_folder["theirs.onnx"], _backend);
        float[] clips = Numbers.Singles(1, Clips * Time * Features, -2, 2);
        double[] ours = Predictor.Outputs(model, clips);
        Near(Run("theirs.onnx"), ours);
        Assert.Contains(model.Layers, l => l is Branches);

        OnnxExport.Write(model, _folder["again.onnx"]);
        Near(Run("again.onnx"), ours);
        using Model again = OnnxImport.Read(_folder["again.onnx"], _backend, OnnxExport.TimeIsFree(model) ? Time : null);
        Near(ours, Predictor.Outputs(again, clips));

        // Saved weights go into the same layers: their names are those of no other.
        model.Save(_folder["weights.safetensors"]);
        foreach (EmotionXai.Engine.Autodiff.Parameter parameter in again.Parameters) parameter.Value.CopyFrom(new float[parameter.Value.Shape.Length]);
        again.Load(_folder["weights.safetensors"]);
        Near(ours, Predictor.Outputs(again, clips));

        double[] Run(string file)
        {
            using OnnxRuntimeSession session = new(_folder[file]);
            return [.. session.Run(clips, [Clips, Time, Features])];
        }
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_is_joined_otherwise_is_refused_with_the_reason(string name, string said)
    {
        OnnxGraph graph = new();
        string x = graph.Input("x", "", OnnxAxis.Free("batch"), Time, Features);
        graph.Output(s_refused.Single(r => r.Name == name).Make(graph, x), "y", "", OnnxAxis.Free("batch"), 1);
        graph.Write(_folder["bad.onnx"], "");
        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => OnnxImport.Read(_folder["bad.onnx"], _backend)).Message, StringComparison.Ordinal);
        Assert.Equal(0, _backend.LiveBuffers);
    }

    [Fact]
    public void Products_of_products_are_looked_at_once()
    {
        // Looked at anew from every product, 2^30 times.
        OnnxGraph graph = new();
        string x = graph.Input("x", "", OnnxAxis.Free("batch"), 2), product = graph.Node("Relu", [x]);
        for (int i = 0; i < 30; i++) product = graph.Node("Mul", [product, product]);
        graph.Output(product, "y", "", OnnxAxis.Free("batch"), 2);
        graph.Write(_folder["deep.onnx"], "");
        Assert.Contains("joins two branches", Assert.Throws<InvalidDataException>(() => OnnxImport.Read(_folder["deep.onnx"], _backend)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Branches_that_do_not_fit_are_refused()
    {
        Initializer draw = new(_backend, 1);
        using Dense two = new(draw, "a", 3, 2, Activation.Identity), four = new(draw, "b", 3, 4, Activation.Identity);
        Assert.Contains("cannot be added", Assert.Throws<ArgumentException>(() => new Branches(BranchJoin.Sum, [two], [four]).OutputShape(new(3))).Message, StringComparison.Ordinal);
        Assert.Contains("set side by side", Assert.Throws<ArgumentException>(() => new Branches(BranchJoin.Concatenation, [], [new Flatten()]).OutputShape(new(2, 3))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Branches(BranchJoin.Sum, [two]));
        Assert.Equal(new(6), new Branches(BranchJoin.Concatenation, [two], [four]).OutputShape(new(3)));
    }

    private static readonly (string Name, Func<OnnxGraph, string, string> Make)[] s_graphs =
    [
        ("a residual block", (g, x) =>
        {
            string h = Dense(g, "h", Flat(g, x), 12, 5);
            return Dense(g, "last", g.Node("Add", [h, Dense(g, "r", g.Node("Relu", [h]), 5, 5)]), 5, 2);
        }),
        ("all of a clip beside its tanh", (g, x) =>
        {
            string flat = Flat(g, x);
            return Dense(g, "last", g.Node("Concat", [flat, g.Node("Tanh", [flat])], new OnnxAttribute("axis", 1)), 24, 2);
        }),
        ("two ways to flatten", (g, x) => Dense(g, "last", g.Node("Add", [g.Node("Sigmoid", [Flat(g, x)]), Flat(g, g.Node("Relu", [x]))]), 12, 2)),
        ("frames and their tanh", (g, x) => Dense(g, "last", g.Node("ReduceMean", [g.Node("Add", [x, g.Node("Tanh", [x])]), g.Integers("time", 1)], new OnnxAttribute("keepdims", 0)), 3, 2)),
        ("frames side by side", (g, x) => Dense(g, "last", g.Node("ReduceMax", [g.Node("Concat", [x, g.Node("Relu", [x])], new OnnxAttribute("axis", 2)), g.Integers("time", 1)], new OnnxAttribute("keepdims", 0)), 6, 2)),
        ("every layer seen by the last", (g, x) =>
        {
            string a = g.Node("Tanh", [Dense(g, "a", Flat(g, x), 12, 4)]), b = g.Node("Tanh", [Dense(g, "b", a, 4, 3)]), c = g.Node("Tanh", [Dense(g, "c", b, 3, 2)]);
            return Dense(g, "last", g.Node("Concat", [a, b, c], new OnnxAttribute("axis", -1)), 9, 2);
        }),
        ("branches within branches", (g, x) =>
        {
            string a = Dense(g, "a", Flat(g, x), 12, 4), b = g.Node("Add", [g.Node("Tanh", [a]), g.Node("Relu", [a])]);
            return g.Node("Add", [g.Node("Add", [Dense(g, "b", b, 4, 2), Dense(g, "direct", Flat(g, x), 12, 2)]), g.Constant("shift", [2], new float[] { 1, -1 })]);
        }),
        ("a scaled clip", (g, x) =>
        {
            string flat = g.Node("Mul", [Flat(g, x), W(g, "gain", 12)]);
            return Dense(g, "last", g.Node("Add", [flat, g.Node("Tanh", [flat])]), 12, 2);
        }),
    ];

    private static readonly (string Name, Func<OnnxGraph, string, string> Make, string Said)[] s_refused =
    [
        ("a gate", (g, x) => g.Node("Mul", [g.Node("Relu", [x]), g.Node("Tanh", [x])]), "(Mul) joins two branches"),
        ("a shared node", (g, x) =>
        {
            string h = Flat(g, x), f = g.Node("Tanh", [h]);
            return g.Node("Add", [g.Node("Add", [h, f]), g.Node("Relu", [f])]);
        }, "(Tanh) is used by two branches"),
        ("widths", (g, x) => g.Node("Add", [Dense(g, "a", Flat(g, x), 12, 2), Dense(g, "b", Flat(g, x), 12, 3)]), "joins [batch, features] of 1 x 2 and [batch, features] of 1 x 3"),
        ("axes", (g, x) => g.Node("Add", [g.Node("Relu", [x]), Flat(g, x)]), "joins [batch, time, features] of 4 x 3 and [batch, features] of 1 x 12"),
        ("time", (g, x) => g.Node("Concat", [x, g.Node("Relu", [x])], new OnnxAttribute("axis", 1)), "along another axis than the last"),
        ("a constant", (g, x) => g.Node("Concat", [Flat(g, x), g.Node("Tanh", [Flat(g, x)]), W(g, "c", 1, 1)], new OnnxAttribute("axis", 1)), "joins two branches"),
        ("deep", (g, x) =>
        {
            string value = Flat(g, x);
            for (int i = 0; i < 40; i++) value = g.Node("Add", [value, Flat(g, x)]);
            return value;
        }, "nested more than 32 deep"),
    ];

    private static string Flat(OnnxGraph graph, string x) => graph.Node("Flatten", [x]);

    private static string Dense(OnnxGraph graph, string name, string x, int inputs, int outputs) => graph.Node("Gemm", [x, W(graph, name, inputs, outputs), W(graph, name + "bias", outputs)]);

    // Sums are taken in another order: some float32 roundings of the largest.
    private static void Near(double[] expected, double[] got, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Length, got.Length);
        double most = expected.Max(Math.Abs);
        Assert.All(expected.Zip(got), pair => Assert.Equal(pair.First, pair.Second, tolerance * Math.Max(1, most)));
    }
}
