namespace EmotionXai.Landmarks.Video;

/// <summary>An upright rectangle in pixels of the frame.</summary>
internal readonly record struct FaceBox(float Left, float Top, float Width, float Height)
{
    public float CentreX => Left + (Width / 2);

    public float CentreY => Top + (Height / 2);

    public float Side => Math.Max(Width, Height);

    /// <summary>The rectangle around points [point, (x, y, z)].</summary>
    public static FaceBox Around(ReadOnlySpan<float> points)
    {
        float left = float.MaxValue, top = float.MaxValue, right = float.MinValue, bottom = float.MinValue;
        for (int i = 0; i < points.Length; i += 3)
        {
            (left, right) = (Math.Min(left, points[i]), Math.Max(right, points[i]));
            (top, bottom) = (Math.Min(top, points[i + 1]), Math.Max(bottom, points[i + 1]));
        }

        return new FaceBox(left, top, right - left, bottom - top);
    }

    /// <summary>Intersection over union, from 0 to 1.</summary>
    public float Overlap(FaceBox other)
    {
        float width = Math.Min(Left + Width, other.Left + other.Width) - Math.Max(Left, other.Left);
        float height = Math.Min(Top + Height, other.Top + other.Height) - Math.Max(Top, other.Top);
        if (!(width > 0 && height > 0)) return 0;
        float shared = width * height;
        return shared / ((Width * Height) + (other.Width * other.Height) - shared);
    }

    /// <summary>Whether another box may be the same face a while later: less than a face away, and neither half nor twice as large.</summary>
    public bool IsNear(FaceBox other)
    {
        float distance = MathF.Sqrt(((CentreX - other.CentreX) * (CentreX - other.CentreX)) + ((CentreY - other.CentreY) * (CentreY - other.CentreY)));
        float ratio = Side / other.Side;
        return distance < Math.Max(Side, other.Side) && ratio is > 0.5f and < 2;
    }
}
