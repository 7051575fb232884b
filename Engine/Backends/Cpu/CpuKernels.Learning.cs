using System.Runtime.CompilerServices;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>The fused optimiser steps.</summary>
internal sealed unsafe partial class CpuKernels<V>
{
    public void Adam(in AdamStep step, float* parameter, float* gradient, float* first, float* second, int length)
    {
        int vectors = length / V.Count * V.Count;
        new AdamFactors<V>(step).Apply(parameter, gradient, first, second, vectors);
        new AdamFactors<Real32>(step).Apply(parameter + vectors, gradient + vectors, first + vectors, second + vectors, length - vectors);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SgdMomentum(float rate, float momentum, float decay, float gradientScale, float* parameter, float* gradient, float* velocity, int length)
    {
        int i = 0;
        for (; i <= length - V.Count; i += V.Count) SgdMomentum<V>(rate, momentum, decay, gradientScale, parameter + i, gradient + i, velocity + i);
        for (; i < length; i++) SgdMomentum<Real32>(rate, momentum, decay, gradientScale, parameter + i, gradient + i, velocity + i);
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
    private readonly struct AdamFactors<T>(in AdamStep step)
        where T : struct, ILanes<T>
    {
        private readonly T _beta1 = T.Splat((float)step.Beta1), _beta2 = T.Splat((float)step.Beta2);
        private readonly T _oneLessBeta1 = T.Splat((float)(1 - step.Beta1)), _oneLessBeta2 = T.Splat((float)(1 - step.Beta2));
        private readonly T _gradientScale = T.Splat((float)step.GradientScale), _epsilon = T.Splat((float)step.Epsilon);
        private readonly T _coupledDecay = T.Splat(step.Decoupled ? 0 : (float)step.Decay);
        private readonly T _keep = T.Splat(step.Decoupled ? (float)(1 - (step.Rate * step.Decay)) : 1);
        private readonly T _rate = T.Splat((float)(step.Rate / (1 - Math.Pow(step.Beta1, step.Time))));
        private readonly T _rootFactor = T.Splat((float)Math.Sqrt(1 / (1 - Math.Pow(step.Beta2, step.Time))));

        // The constants are locals, so that they stay in registers: a store through a pointer might else have changed them.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Apply(float* parameter, float* gradient, float* first, float* second, int length)
        {
            T beta1 = _beta1, beta2 = _beta2, oneLessBeta1 = _oneLessBeta1, oneLessBeta2 = _oneLessBeta2, gradientScale = _gradientScale;
            T epsilon = _epsilon, coupledDecay = _coupledDecay, keep = _keep, rate = _rate, rootFactor = _rootFactor;
            for (int i = 0; i < length; i += T.Count)
            {
                T p = T.Load(parameter + i), g = T.MultiplyAdd(T.Load(gradient + i), gradientScale, p * coupledDecay);
                T m = T.MultiplyAdd(beta1, T.Load(first + i), oneLessBeta1 * g);

                // (1 - b2) g^2 is rounded together with the sum: alone it falls below the smallest normal number for gradients under 1e-17, and each such product costs a hundred cycles.
                T v = T.MultiplyAdd(oneLessBeta2 * g, g, beta2 * T.Load(second + i));
                T.Store(first + i, m);
                T.Store(second + i, v);
                T root = T.MultiplyAdd(T.Sqrt(v), rootFactor, epsilon);
                T.Store(parameter + i, (p * keep) - (rate * m / root));
            }
        }
    }
}
