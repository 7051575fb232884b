namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>Where the features of a clip lie: rows of all landmarks with all their channels.</summary>
/// <param name="Blocks">The rows by kind, in order.</param>
/// <param name="Channels">Numbers a landmark has in a row.</param>
internal sealed record FeatureLayout(IReadOnlyList<FeatureRows> Blocks, int Channels)
{
    /// <summary>Rows a clip.</summary>
    public int Rows => Blocks[^1].First + Blocks[^1].Count;

    /// <summary>
    /// The layout of a list of features: series one below the other, each followed by its descriptors; or side by side as channels of
    /// a frame, where a network goes through time (descriptors then stand beside every frame).
    /// </summary>
    public static FeatureLayout Of(FeatureList features, int frames, int coordinates, bool sideBySide)
    {
        if (sideBySide)
        {
            int channels = features.Series.Count * (1 + features.Descriptors.Sum(d => d.Rows(frames)));
            return new FeatureLayout([new FeatureRows("all", 0, frames, InTime: true)], coordinates * channels);
        }

        List<FeatureRows> blocks = [];
        int row = 0;
        foreach (Series series in features.Series)
        {
            string name = series.ToString().ToLowerInvariant();
            Add(name, frames, inTime: true);
            foreach (Descriptor descriptor in features.Descriptors) Add($"{name} {descriptor.Name}", descriptor.Rows(frames), inTime: false);
        }

        return new FeatureLayout(blocks, coordinates);

        void Add(string name, int count, bool inTime)
        {
            blocks.Add(new FeatureRows(name, row, count, inTime));
            row += count;
        }
    }
}
