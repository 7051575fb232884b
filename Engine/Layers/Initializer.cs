using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>Draws starting values. A parameter's stream follows from the order of creation, so a seed gives the same model on every backend.</summary>
public sealed class Initializer(IBackend backend, ulong seed)
{
    private ulong _created;

    /// <summary>Where the parameters live.</summary>
    public IBackend Backend { get; } = backend;

    /// <summary>The seed of the model.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>A parameter uniform in [-limit, limit).</summary>
    public Parameter Uniform(string name, Shape shape, double limit)
    {
        Parameter parameter = new(Backend, name, shape);
        Backend.Random(Distribution.Uniform, NextKey(), 0, parameter.Value.Data);
        Backend.Map(new ToInterval(2 * limit), parameter.Value.Data, parameter.Value.Data, accumulate: false);
        return parameter;
    }

    /// <summary>A parameter with one value everywhere.</summary>
    public Parameter Constant(string name, Shape shape, double value)
    {
        Parameter parameter = new(Backend, name, shape);
        Backend.Fill(parameter.Value.Data, value);
        return parameter;
    }

    /// <summary>A stream of its own for whoever draws later: dropout.</summary>
    public RandomKey NextKey() => RandomStream.Key(Seed, RandomUse.Initialisation, _created++);

    internal readonly struct ToInterval(FormulaNumber width) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal uniform)
            where TReal : struct, IReal<TReal> =>
            (uniform - TReal.Constant(0.5)) * TReal.Constant(width);
    }
}
