namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>The fused optimiser steps.</summary>
internal sealed unsafe partial class CpuKernels<V>
{
    public void Adam(in AdamStep step, float* parameter, float* gradient, float* first, float* second, int length)
    {
        AdamFactors factors = new(step);
        int i = 0;
        for (; i <= length - V.Count; i += V.Count) Adam<V>(factors, parameter + i, gradient + i, first + i, second + i);
        for (; i < length; i++) Adam<Real32>(factors, parameter + i, gradient + i, first + i, second + i);
    }

    public void SgdMomentum(float rate, float momentum, float decay, float gradientScale, float* parameter, float* gradient, float* velocity, int length)
    {
        int i = 0;
        for (; i <= length - V.Count; i += V.Count) SgdMomentum<V>(rate, momentum, decay, gradientScale, parameter + i, gradient + i, velocity + i);
        for (; i < length; i++) SgdMomentum<Real32>(rate, momentum, decay, gradientScale, parameter + i, gradient + i, velocity + i);
    }

    private static void Adam<T>(in AdamFactors f, float* parameter, float* gradient, float* first, float* second)
        where T : struct, ILanes<T>
    {
        T p = T.Load(parameter), g = T.MultiplyAdd(T.Load(gradient), T.Splat(f.GradientScale), p * T.Splat(f.CoupledDecay));
        T m = T.MultiplyAdd(T.Splat(f.Beta1), T.Load(first), T.Splat(f.OneLessBeta1) * g);
        T v = T.MultiplyAdd(T.Splat(f.Beta2), T.Load(second), T.Splat(f.OneLessBeta2) * g * g);
        T.Store(first, m);
        T.Store(second, v);
        T root = T.MultiplyAdd(T.Sqrt(v), T.Splat(f.RootFactor), T.Splat(f.Epsilon));
        T.Store(parameter, (p * T.Splat(f.Keep)) - (T.Splat(f.Rate) * m / root));
    }

    private static void SgdMomentum<T>(float rate, float momentum, float decay, float gradientScale, float* parameter, float* gradient, float* velocity)
        where T : struct, ILanes<T>
    {
        T p = T.Load(parameter), g = T.MultiplyAdd(T.Load(gradient), T.Splat(gradientScale), p * T.Splat(decay));
        T v = T.MultiplyAdd(T.Splat(momentum), T.Load(velocity), g);
        T.Store(velocity, v);
        T.Store(parameter, p - (T.Splat(rate) * v));
    }

    /// <summary>The constants of a step, worked out in float64: 1 - beta and the bias corrections would lose half their digits in float32.</summary>
    private readonly struct AdamFactors(in AdamStep step)
    {
        public readonly float Beta1 = (float)step.Beta1, Beta2 = (float)step.Beta2;
        public readonly float OneLessBeta1 = (float)(1 - step.Beta1), OneLessBeta2 = (float)(1 - step.Beta2);
        public readonly float GradientScale = (float)step.GradientScale, Epsilon = (float)step.Epsilon;
        public readonly float CoupledDecay = step.Decoupled ? 0 : (float)step.Decay;
        public readonly float Keep = step.Decoupled ? (float)(1 - (step.Rate * step.Decay)) : 1;
        public readonly float Rate = (float)(step.Rate / (1 - Math.Pow(step.Beta1, step.Time)));
        public readonly float RootFactor = (float)Math.Sqrt(1 / (1 - Math.Pow(step.Beta2, step.Time)));
    }
}
