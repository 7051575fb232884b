namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>Linear interpolation at equally spaced moments from the first frame to the last.</summary>
internal static class Resampling
{
    /// <summary>The frames that a moment lies between, and how far it is from the first of the two to the other.</summary>
    public static (int Before, int After, double Part) At(int moment, int moments, int frames)
    {
        double at = moments == 1 ? frames - 1 : (double)moment * (frames - 1) / (moments - 1);
        int before = Math.Min((int)at, frames - 1);
        return (before, Math.Min(before + 1, frames - 1), at - before);
    }

    /// <summary>From [frame, column] to [moment, column].</summary>
    public static double[] Resample(double[] track, int width, int moments)
    {
        int frames = track.Length / width;
        double[] values = new double[moments * width];
        for (int t = 0; t < moments; t++)
        {
            (int before, int after, double part) = At(t, moments, frames);
            for (int i = 0; i < width; i++)
            {
                double low = track[(before * width) + i];
                values[(t * width) + i] = low + (part * (track[(after * width) + i] - low));
            }
        }

        return values;
    }
}
