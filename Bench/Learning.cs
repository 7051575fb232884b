using BenchmarkDotNet.Attributes;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Bench;

/// <summary>Optimiser steps: the parameters of an LSTM's projection, and of a wide dense layer.</summary>
public class OptimizerKernel : Kernel
{
    private Slice _parameter, _gradient, _first, _second;

    [Params("adam", "adamw", "momentum")]
    public string Kind { get; set; } = "";

    [Params(936 * 256, 18720 * 256)]
    public int Length { get; set; }

    protected override void Prepare() => (_parameter, _gradient, _first, _second) = (Weights(Length), Weights(Length), Operand(Length), Operand(Length));

    protected override void Call()
    {
        if (Kind == "momentum") Backend.SgdMomentum(1e-6, 0.9, 0, 1, _parameter, _gradient, _first);
        else Backend.Adam(new AdamStep(1e-6, 0.9, 0.999, 1e-8, 0.01, Kind == "adamw", 1, 1), _parameter, _gradient, _first, _second);
    }
}

/// <summary>The fused loss and its derivative.</summary>
public class LossKernel : Kernel
{
    private Slice _logits, _targets, _loss, _derivative;

    [Params(32, 2048)]
    public int Length { get; set; }

    protected override void Prepare() => (_logits, _targets, _loss, _derivative) = (Weights(Length), Operand(Length), Empty(1), Empty(Length));

    protected override void Call() => Backend.BinaryCrossEntropy(_logits, _targets, 2, _loss, _derivative);
}

/// <summary>Counter-based random numbers.</summary>
public class RandomKernel : Kernel
{
    private Slice _target;

    [Params(Distribution.Uniform, Distribution.Normal)]
    public Distribution Distribution { get; set; }

    [Params(1 << 16)]
    public int Length { get; set; }

    protected override void Prepare() => _target = Empty(Length);

    protected override void Call() => Backend.Random(Distribution, new RandomKey(1, 2), 0, _target);
}
