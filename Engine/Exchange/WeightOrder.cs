using EmotionXai.Engine.Backends;

namespace EmotionXai.Engine.Exchange;

/// <summary>
/// How others keep the same weights. Ours are [inputs, outputs]; ONNX and PyTorch have [outputs, inputs], gates in ONNX in another
/// order, and convolutions as [output, feature, step].
/// </summary>
internal static class WeightOrder
{
    /// <summary>Where each of our gates stands in ONNX: LSTM i, f, g, o is i, o, f, c there; GRU r, z, n is z, r, h. PyTorch has our order.</summary>
    public static int[] OnnxGates(RecurrentCell cell) => cell switch
    {
        RecurrentCell.Elman => [0],
        RecurrentCell.Gru => [1, 0, 2],
        _ => [0, 2, 3, 1],
    };

    /// <summary>Their order of gates where it is ours.</summary>
    public static int[] OurGates(RecurrentCell cell) => [.. Enumerable.Range(0, new Recurrence(cell, 0, 0, 0, false).Gates)];

    /// <summary>[rows, columns] as [columns, rows].</summary>
    public static float[] Transpose(ReadOnlySpan<float> values, int rows, int columns)
    {
        float[] transposed = new float[values.Length];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) transposed[(column * rows) + row] = values[(row * columns) + column];
        return transposed;
    }

    /// <summary>Our columns of one direction, [rows, all columns] from <paramref name="first"/> on, gates * hidden of them, as their [gates * hidden, rows].</summary>
    public static float[] GatesOut(ReadOnlySpan<float> ours, int rows, int all, int first, int hidden, int[] gates)
    {
        float[] theirs = new float[rows * gates.Length * hidden];
        for (int g = 0; g < gates.Length; g++)
            for (int unit = 0; unit < hidden; unit++)
                for (int row = 0; row < rows; row++)
                    theirs[(((gates[g] * hidden) + unit) * rows) + row] = ours[(row * all) + first + (g * hidden) + unit];
        return theirs;
    }

    /// <summary>Their [gates * hidden, rows] into our columns of one direction: the way back of <see cref="GatesOut"/>.</summary>
    public static void GatesIn(ReadOnlySpan<float> theirs, int rows, int all, int first, int hidden, int[] gates, Span<float> ours)
    {
        for (int g = 0; g < gates.Length; g++)
            for (int unit = 0; unit < hidden; unit++)
                for (int row = 0; row < rows; row++)
                    ours[(row * all) + first + (g * hidden) + unit] = theirs[(((gates[g] * hidden) + unit) * rows) + row];
    }

    /// <summary>Our kernel [width * features, outputs] as their [outputs, features, width].</summary>
    public static float[] ConvolutionOut(ReadOnlySpan<float> ours, int width, int features)
    {
        int outputs = ours.Length / (width * features);
        float[] theirs = new float[ours.Length];
        for (int w = 0; w < width; w++)
            for (int f = 0; f < features; f++)
                for (int o = 0; o < outputs; o++) theirs[(((o * features) + f) * width) + w] = ours[(((w * features) + f) * outputs) + o];
        return theirs;
    }

    /// <summary>Their kernel [outputs, features, width] as our [width * features, outputs].</summary>
    public static float[] ConvolutionIn(ReadOnlySpan<float> theirs, int width, int features)
    {
        int outputs = theirs.Length / (width * features);
        float[] ours = new float[theirs.Length];
        for (int w = 0; w < width; w++)
            for (int f = 0; f < features; f++)
                for (int o = 0; o < outputs; o++) ours[(((w * features) + f) * outputs) + o] = theirs[(((o * features) + f) * width) + w];
        return ours;
    }
}
