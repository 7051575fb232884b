using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>The features of one aligned clip.</summary>
internal sealed class FeatureWriter(FeatureList features, FeatureLayout layout, LandmarkTopology topology, int frames, int dimensions)
{
    private readonly int _width = topology.Count * dimensions;

    /// <summary>From [frame of the clip, point, coordinate] to [row, point, channel].</summary>
    public float[] Write(double[] track)
    {
        float[] values = new float[layout.Rows * topology.Count * layout.Channels];
        bool sideBySide = layout.Channels > dimensions;
        int row = 0, channel = 0;
        double[] one = new double[frames];
        foreach (Series series in features.Series)
        {
            double[] resampled = Resampling.Resample(Follow(series, track), _width, frames);
            Place(frames, (t, i) => resampled[(t * _width) + i]);
            foreach (Descriptor descriptor in features.Descriptors)
            {
                int rows = descriptor.Rows(frames);
                double[] described = new double[rows * _width], column = new double[rows];
                for (int i = 0; i < _width; i++)
                {
                    for (int t = 0; t < frames; t++) one[t] = resampled[(t * _width) + i];
                    descriptor.Write(one, column);
                    for (int r = 0; r < rows; r++) described[(r * _width) + i] = column[r];
                }

                if (!sideBySide) Place(rows, (r, i) => described[(r * _width) + i]);
                else for (int r = 0; r < rows; r++) Place(frames, (_, i) => described[(r * _width) + i]);
            }
        }

        return values;

        // Below what is there; or beside it.
        void Place(int rows, Func<int, int, double> at)
        {
            for (int r = 0; r < rows; r++)
            {
                for (int i = 0; i < _width; i++)
                    values[((row + r) * topology.Count * layout.Channels) + (i / dimensions * layout.Channels) + channel + (i % dimensions)] = (float)at(r, i);
            }

            if (sideBySide) channel += dimensions;
            else row += rows;
        }
    }

    private double[] Follow(Series series, double[] track)
    {
        if (series == Series.Positions) return track;
        double[] moved = [.. track];
        if (series == Series.Steadied)
        {
            ReadOnlySpan<double> first = track.AsSpan(0, _width);
            for (int at = _width; at < moved.Length; at += _width) Similarity.Fit(moved.AsSpan(at, _width), first, dimensions, topology.Rigid);
        }

        for (int i = moved.Length - 1; i >= 0; i--) moved[i] -= moved[i % _width];
        return moved;
    }
}
