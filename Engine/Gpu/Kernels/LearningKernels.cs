using EmotionXai.Engine.Backends;
using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>The loss of a batch and its derivative, by one group: a batch of logits is short.</summary>
internal readonly struct LossKernel(ArrayView<float> logits, ArrayView<float> targets, float positiveWeight, ArrayView<float> loss, ArrayView<float> derivative) : IKernel
{
    public void Run()
    {
        ArrayView<float> parts = SharedMemory.GetDynamic<float>();
        int n = (int)logits.Length;
        float sum = 0;
        for (int i = Group.IdxX; i < n; i += Group.DimX)
        {
            float x = logits[i], y = targets[i], weight = 1 + ((positiveWeight - 1) * y);
            float tail = GpuReal.Exp(new GpuReal(-MathF.Abs(x))).Value, one = 1 + tail;

            // ln(1 + t); the quotient undoes the rounding of 1 + t (Kahan).
            float soft = one > 1 ? GpuReal.Log(new GpuReal(one)).Value * (tail / (one - 1)) : tail;
            sum += weight * ((x < 0 ? 0 : x) - (x * y) + soft);
            derivative[i] = weight * (((x < 0 ? tail : 1) / one) - y) / n;
        }

        sum = Tree.Sum(parts, sum);
        if (Group.IdxX == 0) loss[0] = sum / n;
    }
}

/// <summary>The constants of a step of Adam, worked out in float64: 1 - beta and the bias corrections would lose half their digits in float32.</summary>
internal readonly struct AdamFactors(in AdamStep step)
{
    public readonly float Beta1 = (float)step.Beta1, Beta2 = (float)step.Beta2;
    public readonly float OneLessBeta1 = (float)(1 - step.Beta1), OneLessBeta2 = (float)(1 - step.Beta2);
    public readonly float GradientScale = (float)step.GradientScale, Epsilon = (float)step.Epsilon;
    public readonly float CoupledDecay = step.Decoupled ? 0 : (float)step.Decay;
    public readonly float Keep = step.Decoupled ? (float)(1 - (step.Rate * step.Decay)) : 1;
    public readonly float Rate = (float)(step.Rate / (1 - Math.Pow(step.Beta1, step.Time)));
    public readonly float RootFactor = (float)Math.Sqrt(1 / (1 - Math.Pow(step.Beta2, step.Time)));
}

/// <summary>One step of Adam or AdamW on one parameter.</summary>
internal readonly struct AdamKernel(AdamSlot slot) : IKernel
{
    public void Run() => slot.Run(1);
}

/// <summary>One step of gradient descent with momentum on one parameter.</summary>
internal readonly struct SgdMomentumKernel(SgdSlot slot, float gradientScale) : IKernel
{
    public void Run() => slot.Run(gradientScale);
}
