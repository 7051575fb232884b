using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends;

/// <summary>A backend that may integrate straight paths through a recurrent body in one call, so that no point of them and no gradient there is ever stored.</summary>
internal interface IIntegratesPaths
{
    /// <summary>Whether it takes such paths; else they are recorded on a tape.</summary>
    bool TakesPaths(in RecurrentPaths paths);

    /// <summary>total[p] = sum over s of weights[s] * dlogit/dz at z = start[p] + positions[s] * direction[p]. The order of the sum is always the same.</summary>
    /// <param name="paths">The extents; the backend takes them.</param>
    /// <param name="start">[pairs, time, directions * gates * hidden]: projections.</param>
    /// <param name="direction">The same shape.</param>
    /// <param name="positions">[steps].</param>
    /// <param name="weights">[steps].</param>
    /// <param name="body">What is between a projection and the logit.</param>
    /// <param name="slope">The derivative of the dense units' activation.</param>
    /// <param name="total">The shape of <paramref name="start"/>; disjoint from all others.</param>
    void IntegratePaths<TSlope>(in RecurrentPaths paths, Slice start, Slice direction, Slice positions, Slice weights, in RecurrentWeights body, TSlope slope, Slice total)
        where TSlope : struct, ISlope;
}

/// <summary>
/// Paths behind the stem of a recurrent layer, whose states are pooled over time and read out: logit = u . v with u the pooled states, or
/// u = activation(pooled D + d) where there are dense units. What is added to the logit changes no derivative.
/// </summary>
/// <param name="Cell">Which cell.</param>
/// <param name="Pairs">Paths.</param>
/// <param name="Steps">Points of a path.</param>
/// <param name="Time">Steps of a sequence.</param>
/// <param name="Hidden">Recurrent units of a direction.</param>
/// <param name="Directions">1, or 2 where a second walk goes from the last step to the first and its states stand beside those of the first.</param>
/// <param name="Averaged">How states are pooled: the mean of so many last ones, or 0 for the maximum of all.</param>
/// <param name="Units">Dense units between the pooled states and the logit; 0 where it is read out of the states.</param>
internal readonly record struct RecurrentPaths(RecurrentCell Cell, int Pairs, int Steps, int Time, int Hidden, int Directions, int Averaged, int Units)
{
    /// <summary>All points as sequences, in all directions.</summary>
    public Recurrence Sequences => new(Cell, checked(Pairs * Steps * Directions), Time, Hidden, Reverse: false);
}

/// <summary>The weights of the body of <see cref="RecurrentPaths"/>.</summary>
/// <param name="Forward">Of the walk from the first step to the last.</param>
/// <param name="Back">Of the walk from the last step to the first; null where there is none.</param>
/// <param name="Dense">D, [directions * hidden, units]; null without dense units.</param>
/// <param name="DenseBias">d, [units].</param>
/// <param name="Readout">v, [units], or [directions * hidden] without dense units.</param>
internal readonly record struct RecurrentWeights(DirectionWeights Forward, DirectionWeights? Back, Slice? Dense, Slice? DenseBias, Slice Readout);

/// <summary>The weights of a direction.</summary>
/// <param name="State">[hidden, gates * hidden].</param>
/// <param name="Candidate">A GRU's bias within the candidate, [hidden]; null is zero.</param>
internal readonly record struct DirectionWeights(Slice State, Slice? Candidate);
