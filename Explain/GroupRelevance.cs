using System.Runtime.CompilerServices;

namespace EmotionXai.Explain;

/// <summary>
/// Dataset-level relevance of feature groups (a landmark's coordinates, say): a group's score is the mean over clips and
/// baselines of the sum over time and the group's features of |attribution|, scaled so that all groups' scores sum to one.
/// </summary>
public sealed class GroupRelevance : IAttributionSink
{
    private readonly int[] _groupOf;
    private readonly int _groups, _time;
    private readonly double[] _absolute, _signed, _profile, _signedProfile, _frameAbsolute, _frameNet;
    private long _pairs, _steps;
    private double _gapSum, _worstGap, _changeSum, _clipGap, _clipChange, _worstClipGap;
    private int _clip = -1;

    /// <summary>Empty sums.</summary>
    /// <param name="time">Steps of a clip.</param>
    /// <param name="groupOf">[feature]: the group of each feature, 0 to <paramref name="groups"/> - 1.</param>
    /// <param name="groups">The number of groups.</param>
    public GroupRelevance(int time, IReadOnlyList<int> groupOf, int groups)
    {
        (_time, _groupOf, _groups) = (time, [.. groupOf], groups);
        (_absolute, _signed, _profile, _signedProfile) = (new double[groups], new double[groups], new double[time * groups], new double[time * groups]);
        (_frameAbsolute, _frameNet) = (new double[groups], new double[groups]);
    }

    /// <summary>Pairs of clip and baseline taken.</summary>
    public long Pairs => _pairs;

    /// <summary>[group]: scores that sum to one; equal shares where nothing was attributed.</summary>
    public double[] Scores => Share(_absolute);

    /// <summary>[group]: the mean signed sum, in logits: positive where the group speaks for the class.</summary>
    public double[] Signed => [.. _signed.Select(s => s / Math.Max(1, _pairs))];

    /// <summary>[time, group]: the scores spread over time; they sum to one.</summary>
    public double[] TimeProfile => Share(_profile);

    /// <summary>[time, group]: the mean signed sums of every frame, in logits.</summary>
    public double[] SignedTimeProfile => [.. _signedProfile.Select(s => s / Math.Max(1, _pairs))];

    /// <summary>The sum of completeness gaps over the sum of |f(x) - f(b)|.</summary>
    public double RelativeGap => _changeSum > 0 ? _gapSum / _changeSum : 0;

    /// <summary>
    /// The largest gap of a pair relative to its own |f(x) - f(b)|. Where the two logits are nearly the same, what is left of
    /// their difference is the rounding of the logits, and so is the gap: more steps do not help.
    /// </summary>
    public double WorstRelativeGap => _worstGap;

    /// <summary>The largest gap of a clip: the sum over its baselines, relative to that of |f(x) - f(b)|.</summary>
    public double WorstClipGap => Math.Max(_worstClipGap, _clipChange > 0 ? _clipGap / _clipChange : 0);

    /// <summary>The mean number of quadrature nodes.</summary>
    public double MeanSteps => (double)_steps / Math.Max(1, _pairs);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(in PairAttribution pair)
    {
        ReadOnlySpan<double> values = pair.Values;
        int features = _groupOf.Length;
        for (int t = 0; t < _time; t++)
        {
            ReadOnlySpan<double> frame = values.Slice(t * features, features);
            Array.Clear(_frameAbsolute);
            Array.Clear(_frameNet);
            for (int i = 0; i < frame.Length; i++)
            {
                int group = _groupOf[i];
                _frameAbsolute[group] += Math.Abs(frame[i]);
                _frameNet[group] += frame[i];
            }

            Span<double> profile = _profile.AsSpan(t * _groups, _groups), signedProfile = _signedProfile.AsSpan(t * _groups, _groups);
            for (int g = 0; g < _groups; g++)
            {
                _absolute[g] += _frameAbsolute[g];
                profile[g] += _frameAbsolute[g];
                _signed[g] += _frameNet[g];
                signedProfile[g] += _frameNet[g];
            }
        }

        double change = Math.Abs(pair.Output - pair.BaselineOutput);
        _pairs++;
        _steps += pair.Steps;
        _gapSum += pair.Gap;
        _changeSum += change;
        if (pair.Clip != _clip)
        {
            _worstClipGap = WorstClipGap;
            (_clip, _clipGap, _clipChange) = (pair.Clip, 0, 0);
        }

        _clipGap += pair.Gap;
        _clipChange += change;
        if (change > 0) _worstGap = Math.Max(_worstGap, pair.Gap / change);
    }

    private static double[] Share(double[] sums)
    {
        double total = sums.Sum();
        return total > 0 ? [.. sums.Select(s => s / total)] : [.. sums.Select(_ => 1.0 / sums.Length)];
    }
}
