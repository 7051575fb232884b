namespace EmotionXai.Landmarks.Synthesis;

/// <summary>Where a head looks throughout a clip: a turn in space about the middle of the eyes.</summary>
internal readonly struct HeadTurn
{
    private readonly double _side, _up, _tilt;

    /// <summary>Drawn for a clip.</summary>
    /// <param name="clip">Its random numbers.</param>
    /// <param name="degrees">Standard deviation to the side and up or down; a third of it in the plane.</param>
    internal HeadTurn(CounterRandom clip, double degrees)
    {
        double radians = degrees * Math.PI / 180;
        (_side, _up, _tilt) = (radians * clip.Normal(Purpose.Turn, 0), radians * clip.Normal(Purpose.Turn, 1), radians / 3 * clip.Normal(Purpose.Turn, 2));
    }

    /// <summary>Where a point of the head goes.</summary>
    internal (double X, double Y, double Z) Of(double x, double y, double z)
    {
        (x, z) = Turned(x, z, _side);
        (y, z) = Turned(y, z, _up);
        (x, y) = Turned(x, y, _tilt);
        return (x, y, z);
    }

    private static (double A, double B) Turned(double a, double b, double angle)
    {
        (double sin, double cos) = Math.SinCos(angle);
        return ((cos * a) - (sin * b), (sin * a) + (cos * b));
    }
}
