using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>Mistakes of the caller: every message names the op.</summary>
public sealed class OpErrorTests
{
    private static readonly Dictionary<string, Action<Tape>> s_mistakes = new()
    {
        ["Add"] = t => t.Add(Zeros(t, 2, 3), Zeros(t, 2)),
        ["Add: same rank"] = t => t.Add(Zeros(t, 2, 3), Zeros(t, 4, 3)),
        ["Subtract"] = t => t.Subtract(Zeros(t, 3), Zeros(t, 2, 2)),
        ["Multiply"] = t => t.Multiply(Zeros(t, 2), Zeros(t, 3)),
        ["Divide"] = t => t.Divide(Zeros(t, 2), Zeros(t, 3)),
        ["Clamp"] = t => t.Clamp(Zeros(t, 2), 1, 0),
        ["Clamp: NaN"] = t => t.Clamp(Zeros(t, 2), double.NaN, 0),
        ["MatrixMultiply: inner"] = t => t.MatrixMultiply(Zeros(t, 2, 3), Zeros(t, 2, 3)),
        ["MatrixMultiply: transposed rank 3"] = t => t.MatrixMultiply(Zeros(t, 2, 3, 4), Zeros(t, 3, 4), null, true),
        ["MatrixMultiply: right rank"] = t => t.MatrixMultiply(Zeros(t, 2, 3), Zeros(t, 3)),
        ["MatrixMultiply: bias"] = t => t.MatrixMultiply(Zeros(t, 2, 3), Zeros(t, 3, 4), Zeros(t, 3)),
        ["Sum"] = t => t.Sum(Zeros(t, 2, 3), 2),
        ["Mean"] = t => t.Mean(Zeros(t, 2, 3), -3),
        ["Max"] = t => t.Max(Zeros(t, 2, 3), 5),
        ["Max: empty"] = t => t.Max(Zeros(t, 2, 0), 1),
        ["Reshape"] = t => t.Reshape(Zeros(t, 2, 3), new Shape(5)),
        ["Transpose"] = t => t.Transpose(Zeros(t, 3)),
        ["Slice: axis"] = t => t.Slice(Zeros(t, 3), 1, 0, 1),
        ["Slice: span"] = t => t.Slice(Zeros(t, 3), 0, 2, 2),
        ["Slice: negative"] = t => t.Slice(Zeros(t, 3), 0, -1, 2),
        ["Slice: huge"] = t => t.Slice(Zeros(t, 3), 0, 1, int.MaxValue),
        ["Concatenate: axis"] = t => t.Concatenate(Zeros(t, 3), Zeros(t, 3), 1),
        ["Concatenate: rank"] = t => t.Concatenate(Zeros(t, 3), Zeros(t, 3, 1), 0),
        ["Concatenate: other axis"] = t => t.Concatenate(Zeros(t, 2, 3), Zeros(t, 3, 2), 0),
        ["Dropout"] = t => t.Dropout(Zeros(t, 3), 1, new RandomCursor(default)),
        ["Dropout: NaN"] = t => t.Dropout(Zeros(t, 3), double.NaN, new RandomCursor(default)),
        ["LayerNorm: scalar"] = t => t.LayerNorm(Zeros(t), Zeros(t, 1), Zeros(t, 1)),
        ["LayerNorm: gain"] = t => t.LayerNorm(Zeros(t, 2, 3), Zeros(t, 2), Zeros(t, 3)),
        ["LayerNorm: bias"] = t => t.LayerNorm(Zeros(t, 2, 3), Zeros(t, 3), Zeros(t)),
        ["LayerNorm: epsilon"] = t => t.LayerNorm(Zeros(t, 2, 3), Zeros(t, 3), Zeros(t, 3), 0),
        ["BinaryCrossEntropy"] = t => t.BinaryCrossEntropy(Zeros(t, 2), Zeros(t, 3)),
        ["BinaryCrossEntropy: empty"] = t => t.BinaryCrossEntropy(Zeros(t, 0), Zeros(t, 0)),
        ["BinaryCrossEntropy: weight"] = t => t.BinaryCrossEntropy(Zeros(t, 2), Zeros(t, 2), 0),
        ["Recurrent: projection"] = t => t.Recurrent(RecurrentCell.Elman, Zeros(t, 2, 3), Zeros(t, 3, 3)),
        ["Recurrent: weights"] = t => t.Recurrent(RecurrentCell.Elman, Zeros(t, 2, 2, 3), Zeros(t, 9)),
        ["Recurrent: gates"] = t => t.Recurrent(RecurrentCell.Lstm, Zeros(t, 2, 2, 3), Zeros(t, 3, 3)),
        ["Recurrent: GRU without candidate bias"] = t => t.Recurrent(RecurrentCell.Gru, Zeros(t, 2, 2, 9), Zeros(t, 3, 9)),
        ["Recurrent: LSTM with candidate bias"] = t => t.Recurrent(RecurrentCell.Lstm, Zeros(t, 2, 2, 12), Zeros(t, 3, 12), Zeros(t, 3)),
        ["PathPoints"] = t => t.PathPoints(Zeros(t, 2, 3), Zeros(t, 3, 2), Zeros(t, 1)),
        ["PathPoints: no step"] = t => t.PathPoints(Zeros(t, 2, 3), Zeros(t, 2, 3), Zeros(t, 0)),
    };

    public static TheoryData<string> Mistakes => [.. s_mistakes.Keys];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Message_names_the_op(string mistake)
    {
        using ReferenceBackend backend = new();
        using (Tape tape = new(backend, training: true))
        {
            ArgumentException e = Assert.ThrowsAny<ArgumentException>(() => s_mistakes[mistake](tape));
            Assert.StartsWith(mistake.Split(':')[0] + ":", e.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, backend.LiveBuffers);
    }

    private static Tensor Zeros(Tape tape, params int[] shape)
    {
        Shape extents = new(shape);
        return tape.Input(extents, new double[extents.Length]);
    }
}
