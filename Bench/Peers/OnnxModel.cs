using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using Google.Protobuf;

namespace EmotionXai.Bench.Peers;

/// <summary>Writes an LSTM classifier as an ONNX model: LSTM, its last state, Gemm. Field numbers are those of onnx.proto.</summary>
internal static class OnnxModel
{
    private const int IrVersion = 8, OpsetVersion = 17, Float = 1, Integers = 7, IntegerAttribute = 2, TextAttribute = 3;

    public static byte[] Of(Classifier classifier)
    {
        float[] input = Values("recurrent.input"), state = Values("recurrent.state0"), bias = Values("recurrent.bias");
        int hidden = state.Length / bias.Length, columns = bias.Length;

        // [1, 4 hidden, in], gates in the order i, o, f, c; ours are i, f, g, o in columns.
        int[] gates = [0, 3, 1, 2];
        float[] Gates(float[] ours)
        {
            int rows = ours.Length / columns;
            float[] turned = new float[ours.Length];
            for (int g = 0; g < gates.Length; g++)
                for (int unit = 0; unit < hidden; unit++)
                    for (int row = 0; row < rows; row++)
                        turned[((((g * hidden) + unit) * rows) + row)] = ours[(row * columns) + (gates[g] * hidden) + unit];
            return turned;
        }

        byte[] graph = Message(g =>
        {
            Bytes(g, 1, Node("Squeeze", ["clip", "first"], ["frames"]));
            Bytes(g, 1, Node("Unsqueeze", ["frames", "second"], ["sequence"]));
            Bytes(g, 1, Node("LSTM", ["sequence", "w", "r", "b"], ["", "last"], ("hidden_size", hidden)));
            Bytes(g, 1, Node("Squeeze", ["last", "first"], ["state"]));
            Bytes(g, 1, Node("Gemm", ["state", "readout", "offset"], ["logit"]));
            Text(g, 2, "classifier");
            Bytes(g, 5, Tensor("w", [1, columns, classifier.Features], Gates(input)));
            Bytes(g, 5, Tensor("r", [1, columns, hidden], Gates(state)));
            Bytes(g, 5, Tensor("b", [1, 2 * columns], [.. Gates(bias), .. new float[columns]]));
            Bytes(g, 5, Tensor("readout", [hidden, 1], Values("readout.weight")));
            Bytes(g, 5, Tensor("offset", [1], Values("readout.bias")));
            Bytes(g, 5, Axis("first", 0));
            Bytes(g, 5, Axis("second", 1));
            Bytes(g, 11, Value("clip", [1, classifier.Time, classifier.Features]));
            Bytes(g, 12, Value("logit", [1, 1]));
        });
        return Message(m =>
        {
            Number(m, 1, IrVersion);
            Bytes(m, 7, graph);
            Bytes(m, 8, Message(o => Number(o, 2, OpsetVersion)));
        });

        float[] Values(string name)
        {
            Parameter parameter = classifier.Parameters.First(p => p.Name == name);
            float[] values = new float[parameter.Value.Shape.Length];
            parameter.Value.CopyTo(values);
            return values;
        }
    }

    private static byte[] Node(string op, string[] inputs, string[] outputs, params (string Name, int Value)[] attributes) => Message(n =>
    {
        foreach (string input in inputs) Text(n, 1, input);
        foreach (string output in outputs) Text(n, 2, output);
        Text(n, 4, op);
        foreach ((string name, int value) in attributes)
        {
            Bytes(n, 5, Message(a =>
            {
                Text(a, 1, name);
                Number(a, TextAttribute, value);
                Number(a, 20, IntegerAttribute);
            }));
        }
    });

    private static byte[] Tensor(string name, long[] shape, float[] values) => Message(t =>
    {
        foreach (long extent in shape) Number(t, 1, extent);
        Number(t, 2, Float);
        Text(t, 8, name);
        byte[] raw = new byte[values.Length * sizeof(float)];
        Buffer.BlockCopy(values, 0, raw, 0, raw.Length);
        Bytes(t, 9, raw);
    });

    private static byte[] Axis(string name, long axis) => Message(t =>
    {
        Number(t, 1, 1);
        Number(t, 2, Integers);
        Text(t, 8, name);
        Bytes(t, 9, BitConverter.GetBytes(axis));
    });

    private static byte[] Value(string name, long[] shape) => Message(v =>
    {
        Text(v, 1, name);
        Bytes(v, 2, Message(type => Bytes(type, 1, Message(tensor =>
        {
            Number(tensor, 1, Float);
            Bytes(tensor, 2, Message(s =>
            {
                foreach (long extent in shape) Bytes(s, 1, Message(d => Number(d, 1, extent)));
            }));
        }))));
    });

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using MemoryStream stream = new();
        using (CodedOutputStream output = new(stream, leaveOpen: true)) write(output);
        return stream.ToArray();
    }

    private static void Number(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Text(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }

    private static void Bytes(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }
}
