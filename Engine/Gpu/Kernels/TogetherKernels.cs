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

/// <summary>Up to eight arrays; places that are not needed repeat one that is.</summary>
internal readonly struct EightViews(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, ArrayView<float> d, ArrayView<float> e, ArrayView<float> f, ArrayView<float> g, ArrayView<float> h)
{
    private readonly ArrayView<float> _a = a, _b = b, _c = c, _d = d, _e = e, _f = f, _g = g, _h = h;

    public ArrayView<float> At(int i) => i switch { 0 => _a, 1 => _b, 2 => _c, 3 => _d, 4 => _e, 5 => _f, 6 => _g, _ => _h };
}

/// <summary>parts[first + a * groups + g] = the sum over x of x^2, over the share of group g in array a; the threads' shares are added as a tree.</summary>
internal readonly struct SquaresKernel(EightViews arrays, ArrayView<float> parts, int first) : IKernel
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
internal readonly struct AdamSlot(AdamFactors f, ArrayView<float> parameter, ArrayView<float> gradient, ArrayView<float> first, ArrayView<float> second)
{
    /// <summary>The thread's share of it.</summary>
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

/// <summary>Steps of Adam on several parameters, their gradients scaled by a number on the device; none where it is not finite.</summary>
internal readonly struct AdamTogether(AdamSlot a, AdamSlot b, AdamSlot c, AdamSlot d, AdamSlot e, AdamSlot f, AdamSlot g, AdamSlot h, ArrayView<float> factor) : IKernel
{
    public void Run()
    {
        float scale = factor[0];
        if (!Together.IsFinite(scale)) return;
        switch (Grid.IdxY)
        {
            case 0: a.Run(scale); break;
            case 1: b.Run(scale); break;
            case 2: c.Run(scale); break;
            case 3: d.Run(scale); break;
            case 4: e.Run(scale); break;
            case 5: f.Run(scale); break;
            case 6: g.Run(scale); break;
            default: h.Run(scale); break;
        }
    }
}

/// <summary>One parameter's step of gradient descent with momentum.</summary>
internal readonly struct SgdSlot(float rate, float momentum, float decay, ArrayView<float> parameter, ArrayView<float> gradient, ArrayView<float> velocity)
{
    /// <summary>The thread's share of it.</summary>
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

/// <summary>The same with gradient descent.</summary>
internal readonly struct SgdTogether(SgdSlot a, SgdSlot b, SgdSlot c, SgdSlot d, SgdSlot e, SgdSlot f, SgdSlot g, SgdSlot h, ArrayView<float> factor) : IKernel
{
    public void Run()
    {
        float scale = factor[0];
        if (!Together.IsFinite(scale)) return;
        switch (Grid.IdxY)
        {
            case 0: a.Run(scale); break;
            case 1: b.Run(scale); break;
            case 2: c.Run(scale); break;
            case 3: d.Run(scale); break;
            case 4: e.Run(scale); break;
            case 5: f.Run(scale); break;
            case 6: g.Run(scale); break;
            default: h.Run(scale); break;
        }
    }
}
