namespace EmotionXai.Landmarks.Video;

/// <summary>
/// Smooths the points of a face over time: strongly while they rest, hardly while they move, so that jitter goes and motion
/// stays in time. Speeds are taken in face sides a second, so the size of the face does not matter.
/// Source: Casiez, Roussel and Vogel, "1 Euro Filter", CHI 2012.
/// </summary>
internal sealed class OneEuroFilter
{
    /// <summary>The cut-off in hertz of a point at rest.</summary>
    private const double MinCutOff = 1.5;

    /// <summary>Hertz more for a point that moves one face side a second.</summary>
    private const double Beta = 40;

    /// <summary>The cut-off in hertz of the speed itself.</summary>
    private const double SpeedCutOff = 1;

    private double[] _value = [], _speed = [];
    private double _seconds;

    /// <summary>Forgets what was: the next frame passes unchanged.</summary>
    public void Reset() => _value = [];

    /// <summary>Smooths a mesh in place.</summary>
    public void Apply(Span<float> mesh, double seconds)
    {
        double elapsed = seconds - _seconds;
        _seconds = seconds;
        if (_value.Length == 0 || !(elapsed > 0))
        {
            _value = [.. mesh.ToArray().Select(v => (double)v)];
            _speed = new double[mesh.Length];
            return;
        }

        double side = Math.Max(FaceBox.Around(mesh).Side, 1e-6), speedShare = Share(SpeedCutOff, elapsed);
        for (int i = 0; i < mesh.Length; i++)
        {
            double speed = (mesh[i] - _value[i]) / (elapsed * side);
            _speed[i] += speedShare * (speed - _speed[i]);
            _value[i] += Share(MinCutOff + (Beta * Math.Abs(_speed[i])), elapsed) * (mesh[i] - _value[i]);
            mesh[i] = (float)_value[i];
        }
    }

    // The weight of the new value in exponential smoothing with that cut-off.
    private static double Share(double cutOff, double elapsed)
    {
        double r = 2 * Math.PI * cutOff * elapsed;
        return r / (r + 1);
    }
}
