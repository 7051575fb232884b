namespace EmotionXai.Landmarks.Synthesis;

/// <summary>A smooth random function of time, of unit variance: four sines of random frequency and phase.</summary>
internal readonly struct Wander
{
    private const int Sines = 4;

    private readonly double[] _frequency = new double[Sines];
    private readonly double[] _phase = new double[Sines];

    /// <summary>A function of its own for every (clip, purpose, index), with frequencies between two, in cycles a clip.</summary>
    internal Wander(CounterRandom random, Purpose purpose, int index, double slowest, double fastest)
    {
        for (int k = 0; k < Sines; k++)
        {
            int counter = 1000 + (((index * Sines) + k) * 2);
            _frequency[k] = random.Uniform(purpose, counter, slowest, fastest);
            _phase[k] = random.Uniform(purpose, counter + 1);
        }
    }

    /// <summary>The value at a time; the clip lasts from 0 to 1.</summary>
    internal double At(double time)
    {
        double sum = 0;
        for (int k = 0; k < Sines; k++)
        {
            sum += Math.Sin(Math.Tau * ((_frequency[k] * time) + _phase[k]));
        }

        return sum * Math.Sqrt(2.0 / Sines);
    }
}
