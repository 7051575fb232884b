namespace EmotionXai.Landmarks.Synthesis;

/// <summary>The head's slow motion: translation, roll, zoom, and yaw as a shear of depth into x.</summary>
internal readonly struct HeadPose
{
    private readonly double _factor;
    private readonly Wander _x;
    private readonly Wander _y;
    private readonly Wander _roll;
    private readonly Wander _zoom;
    private readonly Wander _yaw;

    internal HeadPose(CounterRandom clip, double factor)
    {
        _factor = factor;
        _x = new Wander(clip, Purpose.Head, 0, 0.1, 1);
        _y = new Wander(clip, Purpose.Head, 1, 0.1, 1);
        _roll = new Wander(clip, Purpose.Head, 2, 0.1, 1);
        _zoom = new Wander(clip, Purpose.Head, 3, 0.1, 1);
        _yaw = new Wander(clip, Purpose.Head, 4, 0.1, 1);
    }

    /// <summary>Where a point of the head is seen.</summary>
    internal (double X, double Y) Project(double x, double y, double z, double time)
    {
        double roll = _factor * 0.010 * _roll.At(time);
        double zoom = Math.Exp(_factor * 0.008 * _zoom.At(time));
        x += _factor * 0.02 * _yaw.At(time) * z;
        (double sin, double cos) = Math.SinCos(roll);
        return (
            (zoom * ((cos * x) - (sin * y))) + (_factor * 0.015 * _x.At(time)),
            (zoom * ((sin * x) + (cos * y))) + (_factor * 0.015 * _y.At(time)));
    }
}
