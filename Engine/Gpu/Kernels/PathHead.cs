using EmotionXai.Engine.Numerics;
using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// Between the states of all steps and the logit: the mean of the last <c>averaged</c> states, or the maximum of all where that is 0, then
/// <c>units</c> dense units, or none, and the read-out; and the way back through them.
/// </summary>
internal readonly struct PathHead<TSlope>(ArrayView<float> dense, ArrayView<float> denseBias, ArrayView<float> readout, int units, int averaged, TSlope slope)
    where TSlope : struct, ISlope
{
    /// <summary>Takes the state of a unit at step <paramref name="t"/> in; where the maximum stands is kept, its first place in time, whichever way a walk goes.</summary>
    public void Pool(ArrayView<float> pooled, ArrayView<float> places, int at, int t, int time, bool first, bool reverse, float state)
    {
        if (averaged > 0)
        {
            if (t >= time - averaged) pooled[at] += state / averaged;
        }
        else if (first || state > pooled[at] || (reverse && state == pooled[at]))
        {
            pooled[at] = state;
            places[at] = t;
        }
    }

    /// <summary>The gradient of that state, from the gradient of the pooled one.</summary>
    public float OfState(ArrayView<float> pooled, ArrayView<float> places, int at, int t, int time)
    {
        if (averaged > 0) return t >= time - averaged ? pooled[at] / averaged : 0;
        return places[at] == t ? pooled[at] : 0;
    }

    /// <summary>
    /// Replaces the pooled states of the first rows, <paramref name="hidden"/> each, by the gradients of the weighted logits, a weight a row.
    /// <paramref name="inner"/> has room for the dense units of these rows. The group is in step before and after.
    /// </summary>
    public void Back(ArrayView<float> pooled, ArrayView<float> inner, ArrayView<float> weights, int count, int hidden)
    {
        for (int i = Group.IdxX; i < count * units; i += Group.DimX)
        {
            int r = i / units, u = i - (r * units);
            float sum = denseBias[u];
            for (int j = 0; j < hidden; j++) sum += pooled[(r * hidden) + j] * dense[(j * units) + u];
            inner[i] = weights[r] * readout[u] * slope.At(new GpuReal(sum)).Value;
        }

        Group.Barrier();
        for (int i = Group.IdxX; i < count * hidden; i += Group.DimX)
        {
            int r = i / hidden, j = i - (r * hidden);
            float sum = 0;
            for (int u = 0; u < units; u++) sum += inner[(r * units) + u] * dense[(j * units) + u];
            pooled[i] = units > 0 ? sum : weights[r] * readout[j];
        }

        Group.Barrier();
    }
}
