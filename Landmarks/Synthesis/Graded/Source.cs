using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Synthesis.Graded;

/// <summary>Something that moves landmarks together: an action unit of some strength in every clip.</summary>
/// <param name="Field">[landmark, (x, y)]: the displacement at strength 1, in inter-ocular distances; zero outside its edges.</param>
/// <param name="Effect">By how much its mean strength is larger in clips of the signal; 0 for what says nothing.</param>
/// <param name="Spread">The standard deviation of its strength in either class.</param>
internal sealed record Source(double[] Field, double Effect, double Spread)
{
    /// <summary>An action unit with hard edges: what it moves by less than a share of its largest displacement it does not move at all.</summary>
    /// <param name="topology">The landmarks.</param>
    /// <param name="unit">Its number.</param>
    /// <param name="amplitude">Its largest displacement at strength 1.</param>
    /// <param name="effect">See <see cref="Effect"/>.</param>
    /// <param name="spread">See <see cref="Spread"/>.</param>
    /// <param name="edge">The share.</param>
    public static Source Unit(LandmarkTopology topology, int unit, double amplitude, double effect, double spread, double edge = 0.25)
    {
        double[] field = ActionUnits.Field(topology, unit);
        double largest = Enumerable.Range(0, topology.Count).Max(i => double.Hypot(field[2 * i], field[(2 * i) + 1]));
        for (int i = 0; i < topology.Count; i++)
        {
            double factor = double.Hypot(field[2 * i], field[(2 * i) + 1]) < edge * largest ? 0 : amplitude / largest;
            field[2 * i] *= factor;
            field[(2 * i) + 1] *= factor;
        }

        return new Source(field, effect, spread);
    }

    /// <summary>Whether it moves a landmark.</summary>
    public bool Moves(int landmark) => Field[2 * landmark] != 0 || Field[(2 * landmark) + 1] != 0;
}
