using EmotionXai.Engine.Backends;

namespace EmotionXai.Explain;

/// <summary>How path integrals are computed.</summary>
public sealed record PathOptions
{
    /// <summary>The quadrature. Gauss-Legendre needs the fewest steps on smooth networks.</summary>
    public QuadratureRule Rule { get; init; } = QuadratureRule.GaussLegendre;

    /// <summary>Nodes of a path; with a tolerance, those of the first try.</summary>
    public int Steps { get; init; } = 16;

    /// <summary>
    /// 0 takes <see cref="Steps"/> as they are. Otherwise steps are doubled until every pair's completeness gap is at most this
    /// part of |f(x) - f(b)|, or <see cref="MaxSteps"/> is reached.
    /// </summary>
    public double Tolerance { get; init; }

    /// <summary>Where doubling ends.</summary>
    public int MaxSteps { get; init; } = 1024;

    /// <summary>
    /// The numbers of attributions that a thread works on at once; null takes what suits the backend (<see cref="BatchSizes"/>).
    /// It bounds the memory of a run, whatever its clips and steps: a thread takes some six times as many numbers in all, one
    /// clip with its baselines at least.
    /// </summary>
    public int? Budget { get; init; }
}
