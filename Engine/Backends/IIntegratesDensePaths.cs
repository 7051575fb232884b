using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends;

/// <summary>A backend that may integrate straight paths through dense layers in one call, so that points and gradients stay in the nearest cache.</summary>
internal interface IIntegratesDensePaths
{
    /// <summary>Whether it does; else paths are recorded on a tape.</summary>
    bool TakesDensePaths { get; }

    /// <summary>
    /// total[p] = sum over s of weights[s] * dlogit/dz at z = start[p] + positions[s] * direction[p], with h = finish(z), then
    /// h = finish(h W + b) for every layer, and logit = h . v. The order of the sum is always the same.
    /// </summary>
    /// <param name="paths">The extents and the layers.</param>
    /// <param name="start">[pairs, width].</param>
    /// <param name="direction">The same shape.</param>
    /// <param name="positions">[steps].</param>
    /// <param name="weights">[steps].</param>
    /// <param name="finish">The activation.</param>
    /// <param name="slope">Its derivative times dy, from z, h and dy.</param>
    /// <param name="total">The shape of <paramref name="start"/>; disjoint from all others.</param>
    void IntegrateDensePaths<TFinish, TSlope>(in DensePaths paths, Slice start, Slice direction, Slice positions, Slice weights, TFinish finish, TSlope slope, Slice total)
        where TFinish : struct, IUnary
        where TSlope : struct, ITernary;
}

/// <summary>Paths behind the stem of a dense layer.</summary>
/// <param name="Pairs">Paths.</param>
/// <param name="Steps">Points of a path.</param>
/// <param name="Width">Numbers behind the stem.</param>
/// <param name="Layers">The layers behind it; none where the logit is read out of the stem's units.</param>
/// <param name="Readout">v, as long as the last layer has units.</param>
/// <param name="NeedsInputs">Whether the derivative needs z; else it is given h in its place.</param>
internal readonly record struct DensePaths(int Pairs, int Steps, int Width, DenseWeights[] Layers, Slice Readout, bool NeedsInputs)
{
    /// <summary>Multiply-adds there and back.</summary>
    public long MultiplyAdds
    {
        get
        {
            long point = 0;
            foreach (DenseWeights layer in Layers) point += 2L * layer.Inputs * layer.Outputs;
            return point * Pairs * Steps;
        }
    }

    /// <summary>Units of the last layer.</summary>
    public int Last => Layers.Length > 0 ? Layers[^1].Outputs : Width;
}

/// <summary>A dense layer.</summary>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Outputs">Its units.</param>
/// <param name="Weight">W, [inputs, outputs].</param>
/// <param name="Bias">b, [outputs].</param>
internal readonly record struct DenseWeights(int Inputs, int Outputs, Slice Weight, Slice Bias);
