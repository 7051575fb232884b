using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>What a launch does to several arrays at once: a row of groups an array, chosen once a thread.</summary>
internal static class Together
{
    /// <summary>Arrays of a launch.</summary>
    public const int Most = 8;

    /// <summary>Whether a factor is a number to step along.</summary>
    public static bool IsFinite(float value) => MathF.Abs(value) <= float.MaxValue;
}

/// <summary>One of the arrays that are stepped together, with all that its step takes.</summary>
internal interface ISlot
{
    /// <summary>The thread's share of the step, with gradients scaled by <paramref name="scale"/>.</summary>
    void Run(float scale);
}

/// <summary>Up to <see cref="Together.Most"/> of something; places that are not needed repeat the last one that is.</summary>
internal readonly struct Eight<T>(ReadOnlySpan<T> of)
    where T : struct
{
    private readonly T _a = of[0], _b = Or(of, 1), _c = Or(of, 2), _d = Or(of, 3), _e = Or(of, 4), _f = Or(of, 5), _g = Or(of, 6), _h = Or(of, 7);

    public T At(int i) => i switch { 0 => _a, 1 => _b, 2 => _c, 3 => _d, 4 => _e, 5 => _f, 6 => _g, _ => _h };

    private static T Or(ReadOnlySpan<T> of, int i) => of[Math.Min(i, of.Length - 1)];
}

/// <summary>parts[first + a * groups + g] = the sum over x of x^2, over the share of group g in array a; the threads' shares are added as a tree.</summary>
internal readonly struct SquaresKernel(Eight<ArrayView<float>> arrays, ArrayView<float> parts, int first) : IKernel
{
    public void Run()
    {
        ArrayView<float> shared = SharedMemory.GetDynamic<float>(), x = arrays.At(Grid.IdxY);
        int n = (int)x.Length;
        float sum = 0;
        for (int i = Threads.First; i < n; i += Threads.Count) sum += x[i] * x[i];
        sum = Tree.Sum(shared, sum);
        if (Group.IdxX == 0) parts[first + (Grid.IdxY * Grid.DimX) + Grid.IdxX] = sum;
    }
}

/// <summary>One parameter's step of Adam or AdamW; formulas at <see cref="Backends.AdamStep"/>.</summary>
internal readonly struct AdamSlot(AdamFactors f, ArrayView<float> parameter, ArrayView<float> gradient, ArrayView<float> first, ArrayView<float> second) : ISlot
{
    public void Run(float scale)
    {
        for (int i = Threads.First; i < (int)parameter.Length; i += Threads.Count)
        {
            float p = parameter[i], g = (gradient[i] * (f.GradientScale * scale)) + (p * f.CoupledDecay);
            float m = (f.Beta1 * first[i]) + (f.OneLessBeta1 * g), v = (f.Beta2 * second[i]) + (f.OneLessBeta2 * g * g);
            first[i] = m;
            second[i] = v;
            parameter[i] = (p * f.Keep) - (f.Rate * m / ((MathF.Sqrt(v) * f.RootFactor) + f.Epsilon));
        }
    }
}

/// <summary>One parameter's step of gradient descent with momentum.</summary>
internal readonly struct SgdSlot(float rate, float momentum, float decay, ArrayView<float> parameter, ArrayView<float> gradient, ArrayView<float> velocity) : ISlot
{
    public void Run(float scale)
    {
        for (int i = Threads.First; i < (int)parameter.Length; i += Threads.Count)
        {
            float p = parameter[i], v = (momentum * velocity[i]) + ((gradient[i] * scale) + (p * decay));
            velocity[i] = v;
            parameter[i] = p - (rate * v);
        }
    }
}

/// <summary>Steps on several parameters, their gradients scaled by a number on the device; none where it is not finite.</summary>
internal readonly struct TogetherKernel<TSlot>(Eight<TSlot> slots, ArrayView<float> factor) : IKernel
    where TSlot : struct, ISlot
{
    public void Run()
    {
        float scale = factor[0];
        if (Together.IsFinite(scale)) slots.At(Grid.IdxY).Run(scale);
    }
}
