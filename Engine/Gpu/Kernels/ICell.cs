using EmotionXai.Engine.Backends;
using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>A unit of a recurrent cell at one step; formulas at <see cref="RecurrentCell"/>. Blocks of a row lie <c>hidden</c> apart.</summary>
internal interface ICell
{
    /// <summary>Blocks of pre-activations.</summary>
    static abstract int Gates { get; }

    /// <summary>Numbers a unit saves for the way back.</summary>
    static abstract int Saved { get; }

    /// <summary>The state, from the projection at <c>p</c>, the recurrent products, a gate a component, and the state before; keeps what the way back needs at <c>kept</c>.</summary>
    static abstract float Forward(
        int hidden, ArrayView<float> projection, int p, Float4 products, float candidateBias, float previous, ref float cell, ArrayView<float> saved, int kept);

    /// <summary>
    /// The gradients of the unit's recurrent products, a gate a component, from the gradient of its state. Replaces
    /// <paramref name="total"/> by what reaches the previous state past the weights, <paramref name="dcell"/> by what reaches the
    /// previous cell, and writes the gradient of the projection at <c>p</c>.
    /// </summary>
    static abstract Float4 Backward(
        int hidden, float state, ArrayView<float> saved, int kept, float previous, float previousCell, ref float total, ref float dcell, ArrayView<float> projectionGradient, int p);
}

internal readonly struct ElmanCell : ICell
{
    public static int Gates => 1;

    public static int Saved => 0;

    public static float Forward(
        int hidden, ArrayView<float> projection, int p, Float4 products, float candidateBias, float previous, ref float cell, ArrayView<float> saved, int kept) =>
        CellMath.Tanh(projection[p] + products.X);

    public static Float4 Backward(
        int hidden, float state, ArrayView<float> saved, int kept, float previous, float previousCell, ref float total, ref float dcell, ArrayView<float> projectionGradient, int p)
    {
        float d = total * (1 - (state * state));
        total = 0;
        projectionGradient[p] = d;
        return new Float4(d, 0, 0, 0);
    }
}

internal readonly struct GruCell : ICell
{
    public static int Gates => 3;

    public static int Saved => 4;

    public static float Forward(
        int hidden, ArrayView<float> projection, int p, Float4 products, float candidateBias, float previous, ref float cell, ArrayView<float> saved, int kept)
    {
        float reset = CellMath.Sigmoid(projection[p] + products.X), update = CellMath.Sigmoid(projection[p + hidden] + products.Y);
        float product = products.Z + candidateBias, candidate = CellMath.Tanh((reset * product) + projection[p + (2 * hidden)]);
        saved[kept] = reset;
        saved[kept + hidden] = update;
        saved[kept + (2 * hidden)] = candidate;
        saved[kept + (3 * hidden)] = product;
        return (update * (previous - candidate)) + candidate;
    }

    public static Float4 Backward(
        int hidden, float state, ArrayView<float> saved, int kept, float previous, float previousCell, ref float total, ref float dcell, ArrayView<float> projectionGradient, int p)
    {
        float reset = saved[kept], update = saved[kept + hidden], candidate = saved[kept + (2 * hidden)], product = saved[kept + (3 * hidden)];
        float dn = total * (1 - update) * (1 - (candidate * candidate)), dz = total * (previous - candidate) * update * (1 - update);
        float dreset = dn * product * reset * (1 - reset);
        total *= update;
        projectionGradient[p] = dreset;
        projectionGradient[p + hidden] = dz;
        projectionGradient[p + (2 * hidden)] = dn;
        return new Float4(dreset, dz, dn * reset, 0);
    }
}

internal readonly struct LstmCell : ICell
{
    public static int Gates => 4;

    public static int Saved => 5;

    public static float Forward(
        int hidden, ArrayView<float> projection, int p, Float4 products, float candidateBias, float previous, ref float cell, ArrayView<float> saved, int kept)
    {
        float input = CellMath.Sigmoid(projection[p] + products.X), forget = CellMath.Sigmoid(projection[p + hidden] + products.Y);
        float content = CellMath.Tanh(projection[p + (2 * hidden)] + products.Z);
        float output = CellMath.Sigmoid(projection[p + (3 * hidden)] + products.W);
        cell = (forget * cell) + (input * content);
        saved[kept] = input;
        saved[kept + hidden] = forget;
        saved[kept + (2 * hidden)] = content;
        saved[kept + (3 * hidden)] = output;
        saved[kept + (4 * hidden)] = cell;
        return output * CellMath.Tanh(cell);
    }

    public static Float4 Backward(
        int hidden, float state, ArrayView<float> saved, int kept, float previous, float previousCell, ref float total, ref float dcell, ArrayView<float> projectionGradient, int p)
    {
        float input = saved[kept], forget = saved[kept + hidden], content = saved[kept + (2 * hidden)], output = saved[kept + (3 * hidden)];
        float squashed = CellMath.Tanh(saved[kept + (4 * hidden)]), dstate = (total * output * (1 - (squashed * squashed))) + dcell;
        Float4 d = new(
            dstate * content * input * (1 - input),
            dstate * previousCell * forget * (1 - forget),
            dstate * input * (1 - (content * content)),
            total * squashed * output * (1 - output));
        dcell = dstate * forget;
        total = 0;
        projectionGradient[p] = d.X;
        projectionGradient[p + hidden] = d.Y;
        projectionGradient[p + (2 * hidden)] = d.Z;
        projectionGradient[p + (3 * hidden)] = d.W;
        return d;
    }
}

/// <summary>The functions of a cell.</summary>
internal static class CellMath
{
    public static float Tanh(float x) => GpuReal.Tanh(new GpuReal(x)).Value;

    public static float Sigmoid(float x) => 1 / (1 + GpuReal.Exp(new GpuReal(-x)).Value);
}
