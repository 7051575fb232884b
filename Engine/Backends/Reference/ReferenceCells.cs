namespace EmotionXai.Engine.Backends.Reference;

/// <summary>
/// One step of each recurrent cell and its derivative, unit by unit. p is the projection of the step and u = h W the
/// recurrent product, both in blocks of one gate; d marks a derivative of the loss.
/// The formulas of the way forward are those of <see cref="RecurrentCell"/>.
/// </summary>
internal static class ReferenceCells
{
    public static void ElmanForward(ReadOnlySpan<double> p, ReadOnlySpan<double> u, Span<double> next)
    {
        for (int j = 0; j < next.Length; j++) next[j] = Math.Tanh(p[j] + u[j]);
    }

    /// <summary>da = dh (1 - h^2).</summary>
    public static void ElmanBackward(ReadOnlySpan<double> dh, ReadOnlySpan<double> state, Span<double> da)
    {
        for (int j = 0; j < dh.Length; j++) da[j] = dh[j] * (1 - (state[j] * state[j]));
    }

    public static void GruForward(ReadOnlySpan<double> p, ReadOnlySpan<double> u, ReadOnlySpan<double> bias, ReadOnlySpan<double> state, Span<double> next, Span<double> keep)
    {
        int hidden = next.Length;
        for (int j = 0; j < hidden; j++)
        {
            double r = Sigmoid(p[j] + u[j]);
            double z = Sigmoid(p[hidden + j] + u[hidden + j]);
            double inner = u[(2 * hidden) + j] + bias[j];
            double n = Math.Tanh(p[(2 * hidden) + j] + (r * inner));
            next[j] = ((1 - z) * n) + (z * state[j]);
            keep[j] = r;
            keep[hidden + j] = z;
            keep[(2 * hidden) + j] = n;
            keep[(3 * hidden) + j] = inner;
        }
    }

    /// <summary>
    /// With s = h W_n + b_n: da_n = dh (1 - z) (1 - n^2), da_z = dh (h - n) z (1 - z), da_r = da_n s r (1 - r);
    /// the recurrent products get the same but for the candidate's, da_n r; dL/dh of the step before starts at dh z.
    /// </summary>
    public static void GruBackward(ReadOnlySpan<double> dh, ReadOnlySpan<double> keep, ReadOnlySpan<double> previous, Span<double> dp, Span<double> du, Span<double> carry)
    {
        int hidden = dh.Length;
        for (int j = 0; j < hidden; j++)
        {
            double r = keep[j];
            double z = keep[hidden + j];
            double n = keep[(2 * hidden) + j];
            double inner = keep[(3 * hidden) + j];
            double dn = dh[j] * (1 - z) * (1 - (n * n));
            double dz = dh[j] * (previous[j] - n) * z * (1 - z);
            double dr = dn * inner * r * (1 - r);
            (dp[j], dp[hidden + j], dp[(2 * hidden) + j]) = (dr, dz, dn);
            (du[j], du[hidden + j], du[(2 * hidden) + j]) = (dr, dz, dn * r);
            carry[j] = dh[j] * z;
        }
    }

    public static void LstmForward(ReadOnlySpan<double> p, ReadOnlySpan<double> u, ReadOnlySpan<double> cell, Span<double> next, Span<double> keep)
    {
        int hidden = next.Length;
        for (int j = 0; j < hidden; j++)
        {
            double i = Sigmoid(p[j] + u[j]);
            double f = Sigmoid(p[hidden + j] + u[hidden + j]);
            double g = Math.Tanh(p[(2 * hidden) + j] + u[(2 * hidden) + j]);
            double o = Sigmoid(p[(3 * hidden) + j] + u[(3 * hidden) + j]);
            double c = (f * cell[j]) + (i * g);
            next[j] = o * Math.Tanh(c);
            (keep[j], keep[hidden + j], keep[(2 * hidden) + j], keep[(3 * hidden) + j], keep[(4 * hidden) + j]) = (i, f, g, o, c);
        }
    }

    /// <summary>
    /// dc = dc carried + dh o (1 - tanh(c')^2); da_i = dc g i (1 - i), da_f = dc c f (1 - f), da_g = dc i (1 - g^2),
    /// da_o = dh tanh(c') o (1 - o); dc f is carried to the step before.
    /// </summary>
    public static void LstmBackward(ReadOnlySpan<double> dh, ReadOnlySpan<double> keep, ReadOnlySpan<double> cell, Span<double> dp, Span<double> cellCarry)
    {
        int hidden = dh.Length;
        for (int j = 0; j < hidden; j++)
        {
            double i = keep[j];
            double f = keep[hidden + j];
            double g = keep[(2 * hidden) + j];
            double o = keep[(3 * hidden) + j];
            double t = Math.Tanh(keep[(4 * hidden) + j]);
            double dc = cellCarry[j] + (dh[j] * o * (1 - (t * t)));
            dp[j] = dc * g * i * (1 - i);
            dp[hidden + j] = dc * cell[j] * f * (1 - f);
            dp[(2 * hidden) + j] = dc * i * (1 - (g * g));
            dp[(3 * hidden) + j] = dh[j] * t * o * (1 - o);
            cellCarry[j] = dc * f;
        }
    }

    /// <summary>c', the last of the five blocks that an LSTM saves.</summary>
    public static ReadOnlySpan<double> LstmCell(ReadOnlySpan<double> keep) => keep[(keep.Length / 5 * 4)..];

    /// <summary>1 / (1 + e^-x), without the infinity that e^-x reaches below -709.</summary>
    public static double Sigmoid(double x) =>
        x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));
}
