namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// The fused recurrent sequence. A few clips at a time walk through all steps: their pre-activations, states and the recurrent
/// weights stay in the caches. Each step is one small product and one pass over the gates.
/// </summary>
internal sealed unsafe partial class CpuKernels<V>
{
    // 32 clips of 4 x 64 gates are 32 KiB.
    private const int ClipsAtOnce = 32;

    // With fewer than a tile's rows the weights are read as they lie; packing them costs as much as a few steps.
    private const int FewClips = 4;

    public void RecurrentForward(
        in Recurrence shape, float* projection, float* weights, float* panels, float* candidateBias, float* states, float* saved, int firstClip, int clips)
    {
        int hidden = shape.Hidden, columns = shape.Gates * hidden;
        if (clips == 0 || shape.Time == 0 || hidden == 0) return;
        bool direct = ReadsDirectly(shape, clips), packs = !direct && panels == null;
        float* packed = packs ? RentPanels(hidden, columns) : panels;
        if (packs) Pack(weights, hidden, columns, false, packed, 0, columns);
        RightOperand right = direct ? new(weights, hidden, columns, false, PanelWidth, true) : RightOperand.Packed(packed, hidden, columns, PanelWidth);
        int scratchClass = MemoryPool.ClassOf(checked(ClipsAtOnce * columns));
        float* gates = _pool.Rent(scratchClass);
        for (int clip = firstClip; clip < firstClip + clips; clip += ClipsAtOnce)
            ForwardTile(shape, clip, Math.Min(ClipsAtOnce, firstClip + clips - clip), projection, right, candidateBias, states, saved, gates);
        _pool.Return(gates, scratchClass);
        if (packs) ReturnPanels(packed, hidden, columns);
    }

    public bool Packs(in Recurrence shape) => !ReadsDirectly(shape, shape.Batch);

    private static bool ReadsDirectly(in Recurrence shape, int clips) => clips < FewClips && shape.Gates * shape.Hidden % (8 * V.Count) == 0;

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
        for (int s = 0; s < time; s++)
        {
            int t = shape.Reverse ? time - 1 - s : s, before = shape.Reverse ? t + 1 : t - 1;

            // gates = h(t-1) W; what the projection adds is read where it is needed.
            if (s == 0) new Span<float>(gates, count * columns).Clear();
            else StepProduct(count, columns, hidden, At(states, clip, before, time, hidden), (nint)time * hidden, weights, gates, zeros);
            for (int r = 0; r < count; r++)
            {
                float* p = At(projection, clip + r, t, time, columns), g = gates + (r * columns);
                float* h = At(states, clip + r, t, time, hidden), kept = At(saved, clip + r, t, time, keep);
                float* previous = s > 0 ? At(states, clip + r, before, time, hidden) : null;
                float* cell = s > 0 ? At(saved, clip + r, before, time, keep) + (4 * hidden) : null;
                Cells.Forward<V>(shape.Cell, hidden, p, g, candidateBias, previous, cell, h, kept);
            }
        }
    }

    // A tile of one or two rows has too few chains to hide its latency: with weights as they lie, eight vectors go side by side.
    private static void StepProduct(int count, int columns, int hidden, float* h, nint hRow, in RightOperand weights, float* gates, float* zeros)
    {
        if (weights.IsDirect)
        {
            for (int first = 0; first < columns; first += 8 * V.Count)
                WideColumns(count, hidden, h, hRow, 1, weights.Row(0) + first, columns, default, gates, first, zeros);
        }
        else
        {
            Product(count, 0, columns, hidden, h, hRow, 1, weights, default, gates, columns, zeros, null);
        }
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
            if (s > 0) Product(count, 0, hidden, columns, At(through, clip, t, time, columns), (nint)time * columns, 1, weights, Start.Held, dh, hidden, zeros, null);
        }
    }

    private static float* At(float* all, int clip, int t, int time, int width) => all + ((((nint)clip * time) + t) * width);
}
