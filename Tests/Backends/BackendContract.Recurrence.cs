using EmotionXai.Engine.Backends;
using Xunit;

namespace EmotionXai.Tests.Backends;

public abstract partial class BackendContract
{
    public static TheoryData<RecurrentCell, bool> Walks
    {
        get
        {
            TheoryData<RecurrentCell, bool> walks = [];
            foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
            {
                walks.Add(cell, false);
                walks.Add(cell, true);
            }

            return walks;
        }
    }

    private static readonly (int Batch, int Time, int Hidden)[] Extents =
    [
        (1, 1, 1), (2, 3, 5), (3, 4, 7), (1, 6, 16), (4, 5, 17), (5, 2, 33), (9, 11, 40), (17, 3, 8), (2, 2, 70), (1, 20, 24), (2, 4, 128), (2, 0, 3), (0, 3, 2),
    ];

    /// <summary>
    /// One step errs by about (hidden / 4 + 4) u: the recurrent product by sqrt(hidden) u sum |h||w| (roundings as if at random:
    /// Higham and Mary 2019), where |h| is about 1/2 and |w| about 1 / (2 sqrt(hidden)), and the functions by a few u. A step hands
    /// on the error of the one before by at most 1.2, about the spectral norm of weights uniform in +-1/sqrt(hidden)
    /// (2 / sqrt(3) for large ones).
    /// </summary>
    private double RecurrentBound(in Recurrence shape)
    {
        double growth = Enumerable.Range(0, shape.Time + 1).Sum(t => Math.Pow(1.2, t));
        return ((shape.Hidden / 4.0) + 4) * U * growth;
    }

    [Theory]
    [MemberData(nameof(Walks))]
    public void Recurrent_forward_follows_the_formulas(RecurrentCell cell, bool reverse)
    {
        foreach ((int batch, int time, int hidden) in Extents)
        {
            Recurrence shape = new(cell, batch, time, hidden, reverse);
            RecurrentCase run = new(shape);
            Slice states = Output(run.StateLength);
            Slice saved = Output(run.SavedLength);
            Backend.RecurrentForward(shape, Put(run.Projection), Put(run.Weights), cell == RecurrentCell.Gru ? Put(run.Bias) : null, states, saved);
            (double[] wantStates, double[] wantSaved) = run.Forward();
            AllClose(wantStates, Get(states), RecurrentBound(shape), $"{shape} states");
            AllClose(wantSaved, Get(saved), 2 * RecurrentBound(shape), $"{shape} saved");
            Release();
        }
    }

    [Theory]
    [MemberData(nameof(Walks))]
    public void Recurrent_backward_follows_the_reference(RecurrentCell cell, bool reverse)
    {
        foreach ((int batch, int time, int hidden) in Extents)
        {
            Recurrence shape = new(cell, batch, time, hidden, reverse);
            RecurrentCase run = new(shape);
            (double[] states, double[] saved) = run.Forward();
            (double[] projection, double[] recurrent) want = Backward(_reference, run, Singles(states), Singles(saved));
            (double[] projection, double[] recurrent) got = Backward(Backend, run, Singles(states), Singles(saved));

            // A gradient is up to as large as the walk grows it; 1 - h^2 and 1 - z cancel, to an absolute error of u.
            double bound = RecurrentBound(shape) * Math.Max(1, want.projection.Select(Math.Abs).DefaultIfEmpty().Max());
            AllClose(want.projection, got.projection, bound, $"{shape} projection gradient");
            AllClose(want.recurrent, got.recurrent, bound, $"{shape} recurrent gradient");
        }
    }

    [Theory]
    [MemberData(nameof(Walks))]
    public void Recurrent_backward_agrees_with_finite_differences(RecurrentCell cell, bool reverse)
    {
        // Central differences of step s err by s^2/6 |f'''| + u |f| / s: 1e-9 for float64; float32 is left with nothing.
        Assert.SkipWhen(IsSingle, "float32 leaves nothing of a finite difference.");
        const double step = 1e-5, bound = 1e-7;
        Recurrence shape = new(cell, 2, 3, 3, reverse);
        RecurrentCase run = new(shape);
        (double[] states, double[] saved) = run.Forward();
        (double[] dp, double[] du) = Backward(Backend, run, states, saved);
        int hidden = shape.Hidden;
        int gates = shape.Gates * hidden;
        double[] dw = new double[run.Weights.Length];
        double[] db = new double[hidden];
        for (int sequence = 0; sequence < shape.Batch; sequence++)
            for (int s = 0; s < shape.Time; s++)
            {
                int at = run.Row(sequence, s);
                if (cell == RecurrentCell.Gru)
                    for (int j = 0; j < hidden; j++) db[j] += du[(at * gates) + (2 * hidden) + j];
                if (s == 0) continue;
                int before = run.Row(sequence, s - 1);
                for (int i = 0; i < hidden; i++)
                    for (int j = 0; j < gates; j++) dw[(i * gates) + j] += states[(before * hidden) + i] * du[(at * gates) + j];
            }

        foreach ((string name, double[] values, double[] gradient) in new[] { ("projection", run.Projection, dp), ("weights", run.Weights, dw), ("bias", run.Bias, db) })
        {
            if (name == "bias" && cell != RecurrentCell.Gru) continue;
            for (int i = 0; i < values.Length; i++)
            {
                double centre = values[i];
                values[i] = centre + step;
                double above = Loss(run);
                values[i] = centre - step;
                double below = Loss(run);
                values[i] = centre;
                Close((above - below) / (2 * step), gradient[i], bound, $"{shape} {name} at {i}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Walks))]
    public void Recurrent_cells_saturate_without_overflow(RecurrentCell cell, bool reverse)
    {
        Recurrence shape = new(cell, 3, 4, 19, reverse);
        RecurrentCase run = new(shape);
        double[] extreme = [100, -100, 1e4, -1e4, 1e30f, -1e30f, 88, -88, 0];
        for (int i = 0; i < run.Projection.Length; i++) run.Projection[i] = extreme[i % extreme.Length];
        Slice states = Output(run.StateLength);
        Slice saved = Output(run.SavedLength);
        Backend.RecurrentForward(shape, Put(run.Projection), Put(run.Weights), cell == RecurrentCell.Gru ? Put(run.Bias) : null, states, saved);
        (double[] wantStates, double[] wantSaved) = run.Forward();
        AllClose(wantStates, Get(states), RecurrentBound(shape), $"{shape} states");
        AllClose(wantSaved, Get(saved), 2 * RecurrentBound(shape), $"{shape} saved");
        (double[] dp, double[] du) = Backward(Backend, run, Get(states), Get(saved));
        Assert.All(dp.Concat(du), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Recurrence_refuses_other_lengths()
    {
        Recurrence shape = new(RecurrentCell.Gru, 2, 3, 4, false);
        RecurrentCase run = new(shape);
        (Slice p, Slice w, Slice b) = (Put(run.Projection), Put(run.Weights), Put(run.Bias));
        (Slice h, Slice s, Slice wrong) = (Put(new double[run.StateLength]), Put(new double[run.SavedLength]), Put(new double[5]));
        (Slice dh, Slice dp, Slice du) = (Put(new double[run.StateLength]), Put(new double[p.Length]), Put(new double[p.Length]));
        Refuses(() => Backend.RecurrentForward(shape, wrong, w, b, h, s));
        Refuses(() => Backend.RecurrentForward(shape, p, wrong, b, h, s));
        Refuses(() => Backend.RecurrentForward(shape, p, w, wrong, h, s));
        Refuses(() => Backend.RecurrentForward(shape, p, w, b, wrong, s));
        Refuses(() => Backend.RecurrentForward(shape, p, w, b, h, wrong));
        Refuses(() => Backend.RecurrentBackward(shape, wrong, h, s, dh, dp, du));
        Refuses(() => Backend.RecurrentBackward(shape, w, wrong, s, dh, dp, du));
        Refuses(() => Backend.RecurrentBackward(shape, w, h, wrong, dh, dp, du));
        Refuses(() => Backend.RecurrentBackward(shape, w, h, s, wrong, dp, du));
        Refuses(() => Backend.RecurrentBackward(shape, w, h, s, dh, wrong, du));
        Refuses(() => Backend.RecurrentBackward(shape, w, h, s, dh, dp, wrong));
        Refuses(() => Backend.RecurrentBackward(shape, w, h, s, dh, dp, null));
    }

    private (double[] Projection, double[] Recurrent) Backward(IBackend backend, RecurrentCase run, double[] states, double[] saved)
    {
        bool gru = run.Shape.Cell == RecurrentCell.Gru;
        Slice dp = Output(backend, run.Projection.Length);
        Slice du = gru ? Output(backend, run.Projection.Length) : dp;
        backend.RecurrentBackward(
            run.Shape, Put(backend, run.Weights), Put(backend, states), Put(backend, saved), Put(backend, run.StateGradient), dp, gru ? du : null);
        (double[] Projection, double[] Recurrent) result = (Get(backend, dp), Get(backend, du));
        Release();
        return result;
    }

    /// <summary>sum of states * state gradient, whose derivatives the walk back computes.</summary>
    private double Loss(RecurrentCase run)
    {
        Slice states = Output(run.StateLength);
        Backend.RecurrentForward(
            run.Shape, Put(run.Projection), Put(run.Weights), run.Shape.Cell == RecurrentCell.Gru ? Put(run.Bias) : null, states, Output(run.SavedLength));
        double loss = Get(states).Zip(run.StateGradient, (h, d) => h * d).Sum();
        Release();
        return loss;
    }
}
