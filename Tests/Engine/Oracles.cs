using EmotionXai.Engine.Backends;

namespace EmotionXai.Tests.Engine;

/// <summary>Ops written down from their formulas once more, one number at a time.</summary>
internal static class Oracles
{
    public static double[] LayerNorm(double[] x, double[] gain, double[] bias, double epsilon) =>
    [
        .. x.Chunk(gain.Length).SelectMany(row =>
        {
            double mean = row.Average(), variance = row.Average(v => (v - mean) * (v - mean));
            return row.Select((v, i) => (gain[i] * (v - mean) / Math.Sqrt(variance + epsilon)) + bias[i]);
        }),
    ];

    /// <summary>-(y w ln p + (1 - y) ln(1 - p)) for hard targets; soft ones interpolate the weight.</summary>
    public static double CrossEntropy(double x, double y, double weight)
    {
        double p = Sigmoid(x);
        return -(1 + ((weight - 1) * y)) * ((y * Math.Log(p)) + ((1 - y) * Math.Log(1 - p)));
    }

    public static double[] Recurrent(RecurrentCell cell, double[] p, double[] w, double[] candidateBias, int batch, int time, int hidden, bool reverse)
    {
        int gates = w.Length / hidden / hidden, width = gates * hidden;
        double[] y = new double[batch * time * hidden];
        for (int b = 0; b < batch; b++)
        {
            double[] h = new double[hidden], c = new double[hidden];
            for (int step = 0; step < time; step++)
            {
                int row = (b * time) + (reverse ? time - 1 - step : step);
                double[] old = [.. h];
                for (int j = 0; j < hidden; j++)
                {
                    double P(int gate) => p[(row * width) + (gate * hidden) + j];
                    double U(int gate) => Enumerable.Range(0, hidden).Sum(i => old[i] * w[(i * width) + (gate * hidden) + j]);
                    switch (cell)
                    {
                        case RecurrentCell.Elman:
                            h[j] = Math.Tanh(P(0) + U(0));
                            break;
                        case RecurrentCell.Gru:
                            double r = Sigmoid(P(0) + U(0)), z = Sigmoid(P(1) + U(1));
                            h[j] = ((1 - z) * Math.Tanh(P(2) + (r * (U(2) + candidateBias[j])))) + (z * old[j]);
                            break;
                        default:
                            c[j] = (Sigmoid(P(1) + U(1)) * c[j]) + (Sigmoid(P(0) + U(0)) * Math.Tanh(P(2) + U(2)));
                            h[j] = Sigmoid(P(3) + U(3)) * Math.Tanh(c[j]);
                            break;
                    }

                    y[(row * hidden) + j] = h[j];
                }
            }
        }

        return y;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
