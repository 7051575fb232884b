using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Exchange;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using Xunit;
using static EmotionXai.Tests.Engine.Exchange.OnnxWeights;

namespace EmotionXai.Tests.Engine.Exchange;

/// <summary>Networks come back from ONNX files, this engine's and those of others, and what is no network of layers in a row is refused by name.</summary>
public sealed class OnnxImportTests : IDisposable
{
    private const int Time = 4, Features = 3, Hidden = 2;

    private readonly TemporaryFolder _folder = new();
    private readonly CpuBackend _backend = new();

    public static TheoryData<ModelKind, Activation> Networks
    {
        get
        {
            TheoryData<ModelKind, Activation> data = [];
            foreach (ModelKind kind in Enum.GetValues<ModelKind>().Where(k => !k.IsRandom())) data.Add(kind, Activation.Gelu);
            foreach (Activation activation in Enum.GetValues<Activation>()) data.Add(ModelKind.Dense, activation);
            return data;
        }
    }

    public static TheoryData<string, string> Refusals => new(Refused.Select(r => (r.Name, r.Said)));

    public void Dispose()
    {
        _backend.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void What_was_written_is_read_back_number_by_number(ModelKind kind, Activation activation)
    {
        using Classifier classifier = Models.Small(_backend, kind, normalize: true, activation: activation);
        Shift(classifier);
        OnnxExport.Write(classifier, _folder["m.onnx"]);
        using Model read = OnnxImport.Read(_folder["m.onnx"], _backend, kind.IsDense() ? null : Models.Time);
        Assert.Equal(classifier.Parameters.SelectMany(p => p.Value.ToDoubleArray()), read.Parameters.SelectMany(p => p.Value.ToDoubleArray()));
        float[] clips = Numbers.Singles(1, 9 * Models.Time * Models.Features);
        Assert.Equal(Predictor.Outputs(classifier, clips), Predictor.Outputs(read, clips));
    }

    [Fact]
    public void Layers_of_every_kind_are_read_back()
    {
        Initializer draw = new(_backend, seed: 2);
        using Model model = new(
            _backend,
            9,
            3,
            new Scaling(draw, "standard", new(3), [2, 0.5f, 3], [0.1f, 0.2f, -1]),
            new Convolution(draw, "windows", 3, 5, width: 3, 2, 1, Activation.Relu),
            new LayerNorm(draw, "norm", 5),
            new Recurrent(draw, "one", RecurrentCell.Gru, 5, 4, bidirectional: true),
            new Recurrent(draw, "two", RecurrentCell.Elman, 8, 4),
            new PoolOverTime(Pooling.Max),
            new Activated(Activation.Softplus),
            new Dense(draw, "readout", 4, 3, Activation.Identity));
        Shift(model);
        OnnxExport.Write(model, _folder["m.onnx"]);
        using Model read = OnnxImport.Read(_folder["m.onnx"], _backend, time: 9);
        float[] clips = Numbers.Singles(1, 9 * 9 * 3);
        Assert.Equal(Predictor.Outputs(model, clips), Predictor.Outputs(read, clips));
        Assert.Equal(model.Layers.Select(l => l.GetType()), read.Layers.Select(l => l.GetType()));

        // And a model that was read can be written, saved and explained like any other.
        using Classifier second = read.Output(1);
        OnnxExport.Write(second, _folder["again.onnx"]);
        using Model again = OnnxImport.Read(_folder["again.onnx"], _backend, time: 9);
        Assert.Equal(Predictor.Outputs(second, clips), Predictor.Outputs(again, clips));
    }

    [Theory]
    [InlineData("all", false)]
    [InlineData("all", true)]
    [InlineData("last", false)]
    public void A_network_as_PyTorch_exports_it_gives_what_ONNX_Runtime_gives_and_is_explained(string states, bool linear)
    {
        OnnxGraph graph = new();
        string x = graph.Input("x", "", OnnxAxis.Free("batch"), Time, Features);
        string initial = graph.Node("ConstantOfShape", [BatchShape(graph, x, 1, Hidden)]);
        string[] lstm = graph.Node(
            "LSTM",
            [graph.Node("Transpose", [x], new OnnxAttribute("perm", [1, 0, 2])), W(graph, "W", 1, 4 * Hidden, Features), W(graph, "R", 1, 4 * Hidden, Hidden), W(graph, "B", 1, 8 * Hidden), "", initial, initial],
            [states == "all", states == "last", false],
            new OnnxAttribute("hidden_size", Hidden));
        string state = states == "last"
            ? graph.Node("Squeeze", [lstm[1], graph.Integers("axis", 0)])
            : graph.Node("Gather", [graph.Node("Transpose", [graph.Node("Squeeze", [lstm[0], graph.Integers("axis", 1)])], new OnnxAttribute("perm", [1, 0, 2])), graph.Constant("last", [], new long[] { -1 })], new OnnxAttribute("axis", 1));
        string flat = graph.Node("Reshape", [state, graph.Node("Concat", [graph.Node("Unsqueeze", [graph.Node("Gather", [graph.Node("Shape", [state]), graph.Constant("zero", [], new long[1])]), graph.Integers("axis", 0)]), graph.Integers("rest", -1)], new OnnxAttribute("axis", 0))]);
        string y = linear
            ? graph.Node("Add", [W(graph, "bias", 2), graph.Node("MatMul", [flat, W(graph, "weight", Hidden, 2)])])
            : graph.Node("Gemm", [flat, W(graph, "weight", 2, Hidden), W(graph, "bias", 2)], new OnnxAttribute("transB", 1));
        graph.Output(y, "y", "", OnnxAxis.Free("batch"), 2);
        graph.Write(_folder["torch.onnx"], "");

        using Model model = OnnxImport.Read(_folder["torch.onnx"], _backend);
        float[] clips = Numbers.Singles(1, 5 * Time * Features, -2, 2);
        using OnnxRuntimeSession session = new(_folder["torch.onnx"]);
        float[] theirs = session.Run(clips, [5, Time, Features]);
        Assert.All(Predictor.Outputs(model, clips).Zip(theirs), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        // Completeness: attributions add up to what the output gained from the baseline.
        using Classifier output = model.Output(1);
        GroupRelevance relevance = new(Time, [0, 0, 0], 1);
        new IntegratedGradients().Attribute(output, clips, Baselines.Zero(Time * Features), relevance);
        double gain = Predictor.Logits(output, clips).Average() - Predictor.Logits(output, new float[Time * Features])[0];
        Assert.Equal(gain, relevance.Signed[0], 1e-4);
    }

    [Fact]
    public void Several_outputs_are_chosen_by_name_and_steps_are_given_where_they_are_open()
    {
        OnnxGraph graph = new();
        string x = graph.Input("x", "", OnnxAxis.Free("batch"), 6);
        string logit = graph.Node("Gemm", [x, W(graph, "w", 6, 1)]);
        graph.Output(logit, "logit", "", OnnxAxis.Free("batch"), 1);
        graph.Output(graph.Node("Sigmoid", [logit]), "probability", "", OnnxAxis.Free("batch"), 1);
        graph.Write(_folder["two.onnx"], "");
        using Model first = OnnxImport.Read(_folder["two.onnx"], _backend), second = OnnxImport.Read(_folder["two.onnx"], _backend, time: 3, output: "probability");
        Assert.Equal((1, 6, 3, 2), (first.Time, first.Features, second.Time, second.Features));
        float[] clip = Numbers.Singles(1, 6);
        Assert.Equal(1 / (1 + Math.Exp(-Predictor.Outputs(first, clip)[0])), Predictor.Outputs(second, clip)[0], 1e-6);
        Assert.Contains("'logit', 'probability'", Assert.Throws<InvalidDataException>(() => OnnxImport.Read(_folder["two.onnx"], _backend, output: "z")).Message, StringComparison.Ordinal);

        using Classifier recurrent = Models.Small(_backend, ModelKind.Gru);
        OnnxExport.Write(recurrent, _folder["open.onnx"]);
        Assert.Contains("any number of steps", Assert.Throws<ArgumentException>(() => OnnxImport.Read(_folder["open.onnx"], _backend)).Message, StringComparison.Ordinal);
        using Model longer = OnnxImport.Read(_folder["open.onnx"], _backend, time: 40);
        Assert.Equal(40, longer.Time);
        Assert.Contains("one.onnx", Assert.Throws<FileNotFoundException>(() => OnnxImport.Read(_folder["one.onnx"], _backend)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_is_no_network_of_layers_in_a_row_is_refused_with_the_reason(string name, string said)
    {
        OnnxGraph graph = new();
        string x = graph.Input("x", "", OnnxAxis.Free("batch"), Time, Features);
        graph.Output(Refused.Single(r => r.Name == name).Make(graph, x), "y", "", OnnxAxis.Free("batch"), 1);
        graph.Write(_folder["bad.onnx"], "");
        string message = Assert.Throws<InvalidDataException>(() => OnnxImport.Read(_folder["bad.onnx"], _backend)).Message;
        Assert.StartsWith(_folder["bad.onnx"] + ": ", message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.Equal(0, _backend.LiveBuffers);
    }

    [Fact]
    public void Files_that_are_no_model_or_keep_their_weights_elsewhere_are_refused()
    {
        OnnxGraph graph = new();
        string x = graph.Input("x", "", OnnxAxis.Free("batch"), 2);
        graph.Output(graph.Node("Gemm", [x, graph.Constant("weight", [2, 1], new float[] { 1, 2 })]), "y", "", OnnxAxis.Free("batch"), 1);
        byte[] whole = graph.ToBytes("");
        Reads(whole, null);
        Reads([], "no graph");
        Reads(whole[..^20], "no whole ONNX file");
        Reads("{ \"not\": \"protobuf\" }"u8.ToArray(), "no whole ONNX file");

        // data_location = EXTERNAL (field 14), appended to the constant: its message is found by its name.
        byte[] constant = ProtoWriter.Of(t =>
        {
            t.Number(OnnxFormat.Tensor.Extents, 2);
            t.Number(OnnxFormat.Tensor.Type, 1);
            t.Text(OnnxFormat.Tensor.Name, "far");
            t.Number(OnnxFormat.Tensor.Location, 1);
        }).ToArray();
        byte[] external = ProtoWriter.Of(m => m.Message(OnnxFormat.Model.Graph, g => g.Bytes(OnnxFormat.Graph.Initializer, constant))).ToArray();
        Reads(external, "'far' lies in another file (external data)");
        byte[] old = ProtoWriter.Of(m => m.Message(OnnxFormat.Model.Graph, g => g.Text(2, "empty"))).ToArray();
        Reads(old, "operator set 0");
        byte[] huge = ProtoWriter.Of(m => m.Message(OnnxFormat.Model.Graph, g => g.Message(OnnxFormat.Graph.Initializer, t =>
        {
            t.Number(OnnxFormat.Tensor.Extents, int.MaxValue);
            t.Number(OnnxFormat.Tensor.Extents, int.MaxValue);
            t.Number(OnnxFormat.Tensor.Type, 1);
        }))).ToArray();
        Reads(huge, "extents that no array has");

        void Reads(byte[] bytes, string? refusal)
        {
            string path = _folder.Write("file.onnx", bytes);
            if (refusal is null) OnnxImport.Read(path, _backend).Dispose();
            else Assert.Contains(refusal, Assert.Throws<InvalidDataException>(() => OnnxImport.Read(path, _backend)).Message, StringComparison.Ordinal);
        }
    }

    private static IReadOnlyList<(string Name, Func<OnnxGraph, string, string> Make, string Said)> Refused { get; } =
    [
        ("an operator", (g, x) => g.Node("Softmax", [x]), "(Softmax) is no layer of this engine"),
        ("no input", (g, _) => g.Node("Identity", [W(g, "c", 1)]), "takes nothing that comes from the input"),
        ("no vector", (g, x) => g.Node("Relu", [x]), "its output is not [batch, outputs], but [batch, time, features]"),
        ("erf", (g, x) => g.Node("Gelu", [x]), "is the Gelu of erf"),
        ("slope", (g, x) => g.Node("LeakyRelu", [x], new OnnxAttribute("alpha", 0.2f)), "has the slope 0.2"),
        ("width", (g, x) => Dense(g, g.Node("Flatten", [x]), 5), "has weights for 5 features, and 12 come"),
        ("frames", (g, x) => g.Node("Gemm", [x, W(g, "w", Features, 1)]), "takes [batch, time, features], and a dense layer takes [batch, features]"),
        ("alpha", (g, x) => g.Node("Gemm", [g.Node("Flatten", [x]), W(g, "w", 12, 1)], new OnnxAttribute("alpha", 2f)), "scales its product"),
        ("batch first", (g, x) => Recurrent(g, x, "LSTM", 4), "takes [batch, time, features], and it has to be [time, batch, features]"),
        ("reset", (g, x) => Recurrent(g, g.Node("Transpose", [x], new OnnxAttribute("perm", [1, 0, 2])), "GRU", 3), "linear_before_reset"),
        ("gates", (g, x) => Recurrent(g, g.Node("Transpose", [x], new OnnxAttribute("perm", [1, 0, 2])), "LSTM", 3), "which are not of 1 direction(s), 4 gates and 3 features"),
        ("backwards", (g, x) => Recurrent(g, g.Node("Transpose", [x], new OnnxAttribute("perm", [1, 0, 2])), "RNN", 1, new OnnxAttribute("direction", "reverse")), "runs backwards alone"),
        ("clip", (g, x) => Recurrent(g, g.Node("Transpose", [x], new OnnxAttribute("perm", [1, 0, 2])), "RNN", 1, new OnnxAttribute("clip", 3f)), "gates of its own"),
        ("state", (g, x) => g.Node("RNN", [g.Node("Transpose", [x], new OnnxAttribute("perm", [1, 0, 2])), W(g, "w", 1, Hidden, Features), W(g, "r", 1, Hidden, Hidden), "", "", W(g, "h", 1, 1, Hidden)]), "starts from another state than zero"),
        ("dilated", (g, x) => g.Node("Conv", [g.Node("Transpose", [x], new OnnxAttribute("perm", [0, 2, 1])), W(g, "w", 2, Features, 2)], new OnnxAttribute("dilations", [2])), "dilated"),
        ("epsilon", (g, x) => g.Node("LayerNormalization", [x, W(g, "g", Features)], new OnnxAttribute("epsilon", 1e-3f)), "has the epsilon 0.001"),
        ("a step", (g, x) => g.Node("Gather", [x, g.Constant("i", [], new long[] { 1 })], new OnnxAttribute("axis", 1)), "picks 1 of [batch, time, features]"),
        ("features pooled", (g, x) => g.Node("ReduceMean", [x, g.Integers("a", 2)], new OnnxAttribute("keepdims", 0)), "over another axis than time"),
        ("inverse", (g, x) => g.Node("Div", [W(g, "c", 1), x]), "divides a constant"),
        ("shape", (g, x) => g.Node("Reshape", [x, g.Integers("s", -1, 2)]), "makes of [batch, time, features] what is no input of a layer here"),
    ];

    private static string Dense(OnnxGraph graph, string x, int inputs) => graph.Node("Gemm", [x, W(graph, "w", inputs, 1)]);

    private static string Recurrent(OnnxGraph graph, string x, string op, int gates, params OnnxAttribute[] attributes) =>
        graph.Node(op, [x, W(graph, "w", 1, gates * Hidden, Features), W(graph, "r", 1, gates * Hidden, Hidden)], [.. attributes, new("hidden_size", Hidden)]);

    // [directions, batch, hidden], the batch's size taken from the input as PyTorch does.
    private static string BatchShape(OnnxGraph graph, string x, int directions, int hidden) =>
        graph.Node("Concat", [graph.Integers("directions", directions), graph.Node("Shape", [x], new OnnxAttribute("start", 0), new OnnxAttribute("end", 1)), graph.Integers("hidden", hidden)], new OnnxAttribute("axis", 0));

    private static void Shift(Model model)
    {
        int seed = 100;
        foreach (Parameter parameter in model.Parameters.Where(p => p.Value.Shape.Rank == 1 && !p.Frozen))
            parameter.Value.CopyFrom([.. parameter.Value.ToDoubleArray().Zip(Numbers.Random(seed++, parameter.Value.Shape.Length), (a, b) => a + b)]);
    }
}
