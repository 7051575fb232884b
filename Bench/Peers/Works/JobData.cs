using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>Real clips, read and scaled once for both sides: displacements of 68 landmarks, one fifth of the people left out.</summary>
internal sealed class JobData
{
    /// <summary>Coordinates of a landmark.</summary>
    public const int Channels = 2;

    private readonly float[] _all;
    private readonly int _points;
    private readonly int[] _train, _test;
    private readonly string[] _labels;
    private readonly string _emotion;

    private JobData(FeatureSet features, string emotion)
    {
        (Time, _points, _emotion) = (features.Time, features.Points, emotion);
        _labels = [.. features.Labels];
        string[] people = [.. features.Subjects.Distinct().Order(StringComparer.Ordinal)];
        bool LeftOut(int clip) => Array.IndexOf(people, features.Subjects[clip]) % 5 == 0;
        _train = [.. Enumerable.Range(0, features.Clips).Where(c => !LeftOut(c))];
        _test = [.. Enumerable.Range(0, features.Clips).Where(LeftOut)];
        _all = features.Values.ToArray();
        Standardizer.Fit(features, _train).Apply(_all);
        AllLandmarks = [.. Enumerable.Range(0, _points)];
    }

    public int Time { get; }

    public int Count => _train.Length + _test.Length;

    public int[] AllLandmarks { get; }

    /// <summary>The folder of the clips; null where it is absent.</summary>
    public static string? Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "shared", "data", "buhmap");
            if (Directory.Exists(folder)) return folder;
        }

        return null;
    }

    public static JobData Read(string folder, string emotion) =>
        new(new Preprocessor(new PreprocessingOptions { Features = "displacement" }).Apply(LandmarkDataset.Read(folder, new DatasetOptions())), emotion);

    /// <summary>The training clips with some landmarks only.</summary>
    public ClipData Train(int[] kept) => Of(_train, kept);

    /// <summary>The clips of people left out.</summary>
    public ClipData Test(int[] kept) => Of(_test, kept);

    /// <summary>What is explained: the training clips of the emotion, one after the other.</summary>
    public float[] Explained(int[] kept) => Gather([.. _train.Where(c => _labels[c] == _emotion)], kept);

    /// <summary>What they are compared with: of every other label the mean training clip, one after the other.</summary>
    public float[] Baselines(int[] kept)
    {
        List<float> means = [];
        foreach (IGrouping<string, int> label in _train.Where(c => _labels[c] != _emotion).GroupBy(c => _labels[c], StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            int[] clips = [.. label];
            float[] values = Gather(clips, kept), mean = new float[values.Length / clips.Length];
            for (int i = 0; i < values.Length; i++) mean[i % mean.Length] += values[i] / clips.Length;
            means.AddRange(mean);
        }

        return [.. means];
    }

    /// <summary>The mean of the shares of the emotion's clips and of the others that the logits get right.</summary>
    public double BalancedAccuracy(float[] logits)
    {
        double[] right = new double[2], all = new double[2];
        for (int i = 0; i < _test.Length; i++)
        {
            int shows = _labels[_test[i]] == _emotion ? 1 : 0;
            all[shows]++;
            if (logits[i] > 0 == (shows == 1)) right[shows]++;
        }

        return 0.5 * ((right[0] / all[0]) + (right[1] / all[1]));
    }

    private ClipData Of(int[] clips, int[] kept) =>
        new(Time, kept.Length * Channels, Gather(clips, kept), [.. clips.Select(c => _labels[c] == _emotion ? 1f : 0f)]);

    private float[] Gather(int[] clips, int[] kept)
    {
        float[] values = new float[clips.Length * Time * kept.Length * Channels];
        int to = 0;
        foreach (int clip in clips)
        {
            for (int t = 0; t < Time; t++)
            {
                foreach (int landmark in kept)
                {
                    int from = ((((clip * Time) + t) * _points) + landmark) * Channels;
                    for (int c = 0; c < Channels; c++) values[to++] = _all[from + c];
                }
            }
        }

        return values;
    }
}
