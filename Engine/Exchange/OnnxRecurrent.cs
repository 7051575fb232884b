using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;

namespace EmotionXai.Engine.Exchange;

/// <summary>Recurrent layers in ONNX: time before batch, gates in another order, a second bias.</summary>
internal static class OnnxRecurrent
{
    /// <summary>The operator of a cell.</summary>
    public static string Operator(RecurrentCell cell) => cell switch
    {
        RecurrentCell.Elman => "RNN",
        RecurrentCell.Gru => "GRU",
        _ => "LSTM",
    };

    /// <summary>The states of all steps, [batch, time, directions * hidden].</summary>
    public static string States(OnnxGraph graph, Recurrent layer, string x)
    {
        // [time, direction, batch, hidden] to [batch, time, direction * hidden].
        string transposed = graph.Node("Transpose", [Node(graph, layer, x, last: false)], new OnnxAttribute("perm", [2, 0, 1, 3]));
        return graph.Node("Reshape", [transposed, graph.Integers("states", 0, 0, layer.Directions * layer.Hidden)]);
    }

    /// <summary>The state after the last step of a layer of one direction, [batch, hidden].</summary>
    public static string Last(OnnxGraph graph, Recurrent layer, string x) =>
        graph.Node("Squeeze", [Node(graph, layer, x, last: true), graph.Integers("direction", 0)]);

    private static string Node(OnnxGraph graph, Recurrent layer, string x, bool last)
    {
        string sequence = graph.Node("Transpose", [x], new OnnxAttribute("perm", [1, 0, 2]));
        (string input, string state, string bias) = Weights(graph, layer);
        List<OnnxAttribute> attributes = [new("hidden_size", layer.Hidden), new("direction", layer.Directions == 2 ? "bidirectional" : "forward")];

        // Our reset gate acts on the product h W and its bias, not on h: the form of cuDNN and PyTorch.
        if (layer.Cell == RecurrentCell.Gru) attributes.Add(new("linear_before_reset", 1));
        return graph.Node(Operator(layer.Cell), [sequence, input, state, bias], [!last, last], attributes)[last ? 1 : 0];
    }

    private static (string Input, string State, string Bias) Weights(OnnxGraph graph, Recurrent layer)
    {
        int[] gates = WeightOrder.OnnxGates(layer.Cell);
        int hidden = layer.Hidden, columns = gates.Length * hidden, all = layer.Directions * columns, inputs = layer.Input.Value.Shape[0];
        float[] input = layer.Input.Value.ToArray(), bias = layer.Bias.Value.ToArray();
        List<float> w = [], r = [], b = [];
        for (int d = 0; d < layer.Directions; d++)
        {
            w.AddRange(WeightOrder.GatesOut(input, inputs, all, d * columns, hidden, gates));
            r.AddRange(WeightOrder.GatesOut(layer.State[d].Value.ToArray(), hidden, columns, 0, hidden, gates));

            // The second bias is the recurrent one: of ours only a GRU's candidate has it.
            float[] second = new float[columns];
            if (layer.Candidate.Count > 0) layer.Candidate[d].Value.ToArray().CopyTo(second.AsSpan(2 * hidden));
            b.AddRange(WeightOrder.GatesOut(bias, 1, all, d * columns, hidden, gates));
            b.AddRange(WeightOrder.GatesOut(second, 1, columns, 0, hidden, gates));
        }

        string name = layer.Input.Name;
        return (
            graph.Constant(name, [layer.Directions, columns, inputs], w.ToArray()),
            graph.Constant(layer.State[0].Name, [layer.Directions, columns, hidden], r.ToArray()),
            graph.Constant(layer.Bias.Name, [layer.Directions, 2 * columns], b.ToArray()));
    }
}
