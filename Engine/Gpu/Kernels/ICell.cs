using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// A unit of a recurrent cell at one step; formulas at <see cref="Backends.RecurrentCell"/>. Its memory is what it carries from step to step:
/// an LSTM's cell, the state of the others. Gates are components, in their order.
/// </summary>
internal interface ICell
{
    /// <summary>Blocks of pre-activations.</summary>
    static abstract int Gates { get; }

    /// <summary>Numbers a unit saves for the way back: what it keeps, and an LSTM its memory, which is not the state.</summary>
    static abstract int Saved { get; }

    /// <summary>The state, from the projection and the recurrent products. Replaces the memory of the step before; <paramref name="kept"/> is what the way back needs beside it.</summary>
    static abstract float Forward(Float4 projection, Float4 products, float candidateBias, ref float memory, out Float4 kept);

    /// <summary>
    /// The gradients of the unit's recurrent products, from the gradient of its state. Replaces <paramref name="carry"/>, the gradient
    /// that reaches the memory past the weights, by that of the step before; <paramref name="projection"/> is the gradient of the projection.
    /// </summary>
    static abstract Float4 Backward(Float4 kept, float memory, float gradient, ref float carry, out Float4 projection);
}

internal readonly struct ElmanCell : ICell
{
    public static int Gates => 1;

    public static int Saved => 0;

    public static float Forward(Float4 projection, Float4 products, float candidateBias, ref float memory, out Float4 kept)
    {
        kept = default;
        return memory = CellMath.Tanh(projection.X + products.X);
    }

    public static Float4 Backward(Float4 kept, float memory, float gradient, ref float carry, out Float4 projection) =>
        projection = new Float4(gradient * (1 - (memory * memory)), 0, 0, 0);
}

internal readonly struct GruCell : ICell
{
    public static int Gates => 3;

    public static int Saved => 4;

    public static float Forward(Float4 projection, Float4 products, float candidateBias, ref float memory, out Float4 kept)
    {
        float reset = CellMath.Sigmoid(projection.X + products.X), update = CellMath.Sigmoid(projection.Y + products.Y);
        float product = products.Z + candidateBias, candidate = CellMath.Tanh((reset * product) + projection.Z);
        kept = new Float4(reset, update, candidate, product);
        return memory = (update * (memory - candidate)) + candidate;
    }

    public static Float4 Backward(Float4 kept, float memory, float gradient, ref float carry, out Float4 projection)
    {
        // z (h - n), with the state h of the step before, is h' - n: that state need not be kept at hand.
        float reset = kept.X, update = kept.Y, candidate = kept.Z, total = gradient + carry;
        float dn = total * (1 - update) * (1 - (candidate * candidate)), dz = total * (memory - candidate) * (1 - update);
        float dreset = dn * kept.W * reset * (1 - reset);
        carry = total * update;
        projection = new Float4(dreset, dz, dn, 0);
        return new Float4(dreset, dz, dn * reset, 0);
    }
}

internal readonly struct LstmCell : ICell
{
    public static int Gates => 4;

    public static int Saved => 5;

    public static float Forward(Float4 projection, Float4 products, float candidateBias, ref float memory, out Float4 kept)
    {
        float input = CellMath.Sigmoid(projection.X + products.X), forget = CellMath.Sigmoid(projection.Y + products.Y);
        float content = CellMath.Tanh(projection.Z + products.Z), output = CellMath.Sigmoid(projection.W + products.W);
        kept = new Float4(input, forget, content, output);
        memory = (forget * memory) + (input * content);
        return output * CellMath.Tanh(memory);
    }

    public static Float4 Backward(Float4 kept, float memory, float gradient, ref float carry, out Float4 projection)
    {
        // f c, with the cell c of the step before, is c' - i g: that cell need not be kept at hand.
        float input = kept.X, forget = kept.Y, content = kept.Z, output = kept.W;
        float squashed = CellMath.Tanh(memory), dcell = (gradient * output * (1 - (squashed * squashed))) + carry;
        carry = dcell * forget;
        return projection = new Float4(
            dcell * content * input * (1 - input),
            dcell * (memory - (input * content)) * (1 - forget),
            dcell * input * (1 - (content * content)),
            gradient * squashed * output * (1 - output));
    }
}

/// <summary>Blocks of numbers that lie <c>stride</c> apart, a component each.</summary>
internal static class Blocks
{
    /// <summary>The first <paramref name="count"/>, which is known when the kernel is compiled.</summary>
    public static Float4 Load(ArrayView<float> from, int at, int stride, int count) => new(
        count > 0 ? from[at] : 0, count > 1 ? from[at + stride] : 0, count > 2 ? from[at + (2 * stride)] : 0, count > 3 ? from[at + (3 * stride)] : 0);

    /// <summary>Stores the first <paramref name="count"/>.</summary>
    public static void Store(ArrayView<float> to, int at, int stride, int count, Float4 values)
    {
        if (count > 0) to[at] = values.X;
        if (count > 1) to[at + stride] = values.Y;
        if (count > 2) to[at + (2 * stride)] = values.Z;
        if (count > 3) to[at + (3 * stride)] = values.W;
    }
}

/// <summary>The functions of a cell.</summary>
internal static class CellMath
{
    public static float Tanh(float x) => GpuReal.Tanh(new GpuReal(x)).Value;

    public static float Sigmoid(float x) => 1 / (1 + GpuReal.Exp(new GpuReal(-x)).Value);
}
