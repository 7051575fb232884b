
namespace EmotionXai.Engine.Numerics;

/// <summary>
/// Everything that engine and explanations draw at random. Each use has its own streams under a seed, so that two uses of one
/// seed never see the same numbers.
/// </summary>
internal enum RandomUse
{
    /// <summary>The order of training clips; index: the epoch.</summary>
    Shuffling,

    /// <summary>Starting values of parameters, and dropout; index: the order of creation.</summary>
    Initialisation,

    /// <summary>The noise of a noise tunnel; index: clip and pair of copies.</summary>
    NoiseTunnel,

    /// <summary>The noise of Expected Gradients; index: the pair.</summary>
    ExpectedGradientsNoise,

    /// <summary>The places on the path of Expected Gradients; index: the pair.</summary>
    ExpectedGradientsPlaces,

    /// <summary>The orders of Shapley sampling; index: pair and order.</summary>
    ShapleyOrders,

    /// <summary>The order in which infidelity takes groups; index: pair and draw.</summary>
    InfidelityOrders,

    /// <summary>How many groups infidelity takes; index: pair and draw.</summary>
    InfidelitySizes,

    /// <summary>The noise of max-sensitivity; index: the draw.</summary>
    SensitivityNoise,

    /// <summary>Hidden weights of a read-out for subsets of groups; index: the group.</summary>
    SubsetWeights,

    /// <summary>Its hidden biases; index: 0.</summary>
    SubsetBias,

    /// <summary>Hidden weights of networks that leave out groups; index: the network.</summary>
    LeftOutWeights,

    /// <summary>Their hidden biases; index: the network.</summary>
    LeftOutBias,
}

/// <summary>Keys of random streams, by what they are for.</summary>
internal static class RandomStream
{
    // Shuffling has the streams from 1 on, initialisation those from 2^32 on, as models and runs of before do; all other uses a range of 2^48 each.
    private const int IndexBits = 48;

    /// <summary>The key of one stream of a use.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="use">What is drawn.</param>
    /// <param name="index">Which of the use's streams: below 2^32 - 1 for shuffling, 2^47 for the others.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside the use's range.</exception>
    public static RandomKey Key(ulong seed, RandomUse use, ulong index)
    {
        (ulong first, ulong count) = Range(use);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        return new RandomKey(seed, first + index);
    }

    /// <summary>The streams of a use: the first, and how many.</summary>
    internal static (ulong First, ulong Count) Range(RandomUse use) => use switch
    {
        RandomUse.Shuffling => (1, (1UL << 32) - 1),
        RandomUse.Initialisation => (1UL << 32, 1UL << (IndexBits - 1)),
        _ => ((ulong)use << IndexBits, 1UL << (IndexBits - 1)),
    };
}
