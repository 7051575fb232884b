using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// The fused recurrent sequence. A few clips at a time walk through all steps: their pre-activations, states and the recurrent
/// weights stay in the caches. Each step is one small product and one pass over the gates.
/// </summary>
internal sealed unsafe partial class CpuKernels<V>
{
    // 32 clips of 4 x 64 gates are 32 KiB.
    private const int ClipsAtOnce = 32;

    // With so few clips weights that nobody has packed are read as they lie: packing them costs as much as a few steps.
    private const int FewClips = 4;

    public void RecurrentForward(
        in Recurrence shape, float* projection, float* weights, float* panels, float* candidateBias, float* states, float* saved, int firstClip, int clips)
    {
        int hidden = shape.Hidden, columns = shape.Gates * hidden;
        if (clips == 0 || shape.Time == 0 || hidden == 0) return;
        bool direct = panels == null && IsWide(clips, columns), packs = !direct && panels == null;
        float* packed = packs ? RentPanels(hidden, columns) : panels;
        if (packs) Pack(weights, hidden, columns, false, packed, 0, columns);
        RightOperand right = direct ? new(weights, hidden, columns, false, PanelWidth, true) : RightOperand.Packed(packed, hidden, columns, PanelWidth);
        int keep = shape.SavedPerUnit * hidden, together = Math.Min(ClipsAtOnce, clips);
        int scratchClass = MemoryPool.ClassOf(checked(together * (columns + (2 * keep))));
        float* gates = _pool.Rent(scratchClass);
        for (int clip = firstClip; clip < firstClip + clips; clip += ClipsAtOnce)
            ForwardTile(shape, clip, Math.Min(ClipsAtOnce, firstClip + clips - clip), projection, right, candidateBias, states, saved, gates);
        _pool.Return(gates, scratchClass);
        if (packs) ReturnPanels(packed, hidden, columns);
    }

    // A tile of few rows has too few chains to hide its latency: eight vectors of every row go side by side.
    private static bool IsWide(int clips, int columns) => clips < FewClips && columns % (8 * V.Count) == 0;

    public void RecurrentBackward(
        in Recurrence shape, float* weights, float* states, float* saved, float* stateGradient, float* projectionGradient, float* recurrentGradient, int firstClip, int clips)
    {
        int hidden = shape.Hidden, columns = shape.Gates * hidden;
        if (clips == 0 || shape.Time == 0 || hidden == 0) return;

        // dh(t-1) = dR W^T: the weights are packed transposed, once for all steps.
        float* packed = RentPanels(columns, hidden);
        Pack(weights, columns, hidden, true, packed, 0, hidden);
        RightOperand right = RightOperand.Packed(packed, columns, hidden, PanelWidth);
        int scratchClass = MemoryPool.ClassOf(checked(ClipsAtOnce * 2 * hidden));
        float* carry = _pool.Rent(scratchClass);
        for (int clip = firstClip; clip < firstClip + clips; clip += ClipsAtOnce)
        {
            int count = Math.Min(ClipsAtOnce, firstClip + clips - clip);
            BackwardTile(shape, clip, count, right, states, saved, stateGradient, projectionGradient, recurrentGradient, carry);
        }

        _pool.Return(carry, scratchClass);
        ReturnPanels(packed, columns, hidden);
    }

    private static void ForwardTile(
        in Recurrence shape, int clip, int count, float* projection, RightOperand weights, float* candidateBias, float* states, float* saved, float* gates)
    {
        (int time, int hidden, int keep) = (shape.Time, shape.Hidden, shape.SavedPerUnit * shape.Hidden);
        int columns = shape.Gates * hidden;
        float* zeros = stackalloc float[8 * V.Count];

        // Where nothing is kept for a way back, a step overwrites what the step before the last one kept.
        float* passing = gates + ((nint)count * columns);
        for (int s = 0; s < time; s++)
        {
            int t = shape.Reverse ? time - 1 - s : s, before = shape.Reverse ? t + 1 : t - 1;

            // gates = h(t-1) W; what the projection adds is read where it is needed.
            if (s == 0) new Span<float>(gates, count * columns).Clear();
            else StepProduct(count, columns, hidden, At(states, clip, before, time, hidden), (nint)time * hidden, weights, gates, zeros, s % 2 == 1);
            for (int r = 0; r < count; r++)
            {
                float* p = At(projection, clip + r, t, time, columns), g = gates + (r * columns);
                float* h = At(states, clip + r, t, time, hidden);
                float* kept = saved == null ? At(passing, s % 2, r, count, keep) : At(saved, clip + r, t, time, keep);
                float* last = saved == null ? At(passing, (s + 1) % 2, r, count, keep) : At(saved, clip + r, before, time, keep);
                float* previous = s > 0 ? At(states, clip + r, before, time, hidden) : null;
                float* cell = s > 0 ? last + (4 * hidden) : null;
                Cells.Forward<V, StoredProjection>(shape.Cell, hidden, new(p), g, candidateBias, previous, cell, h, kept);
            }
        }
    }

    // Weights may be more than the first-level cache holds: every other step begins with those that the step before has read last.
    private static void StepProduct(int count, int columns, int hidden, float* h, nint hRow, in RightOperand weights, float* gates, float* zeros, bool fromTheEnd)
    {
        if (!IsWide(count, columns))
        {
            Product(count, 0, columns, hidden, h, hRow, 1, weights, default, default(Identity), gates, columns, zeros, null);
            return;
        }

        int wide = 8 * V.Count;
        for (int first = 0; first < columns; first += wide)
            WideColumns(count, hidden, h, hRow, 1, weights, fromTheEnd ? columns - wide - first : first, default, gates, columns, zeros);
    }

    private static void BackwardTile(
        in Recurrence shape, int clip, int count, RightOperand weights, float* states, float* saved, float* stateGradient, float* projectionGradient, float* recurrentGradient, float* carry)
    {
        (int time, int hidden, int keep) = (shape.Time, shape.Hidden, shape.SavedPerUnit * shape.Hidden);
        int columns = shape.Gates * hidden;
        float* dh = carry, dc = carry + (count * hidden);
        float* through = recurrentGradient == null ? projectionGradient : recurrentGradient;
        new Span<float>(carry, 2 * count * hidden).Clear();
        float* zeros = stackalloc float[2 * V.Count];
        for (int s = time - 1; s >= 0; s--)
        {
            int t = shape.Reverse ? time - 1 - s : s, before = shape.Reverse ? t + 1 : t - 1;
            for (int r = 0; r < count; r++)
            {
                float* outside = At(stateGradient, clip + r, t, time, hidden), h = At(states, clip + r, t, time, hidden);
                float* kept = At(saved, clip + r, t, time, keep), dp = At(projectionGradient, clip + r, t, time, columns);
                float* dr = recurrentGradient == null ? null : At(recurrentGradient, clip + r, t, time, columns);
                float* previous = s > 0 ? At(states, clip + r, before, time, hidden) : null;
                float* cell = s > 0 ? At(saved, clip + r, before, time, keep) + (4 * hidden) : null;
                Cells.Backward<V>(shape.Cell, hidden, outside, h, kept, previous, cell, dh + (r * hidden), dc + (r * hidden), dp, dr);
            }

            // The cells left in dh what reaches h(t-1) directly; the rest comes through the weights.
            if (s > 0) Product(count, 0, hidden, columns, At(through, clip, t, time, columns), (nint)time * columns, 1, weights, Start.Held, default(Identity), dh, hidden, zeros, null);
        }
    }

    private static float* At(float* all, int clip, int t, int time, int width) => all + ((((nint)clip * time) + t) * width);
}
