using System.Diagnostics;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Datasets;

public sealed class RealDataTests(ITestOutputHelper output)
{
    [Fact]
    public void Buhmap()
    {
        string path = SharedData.Require("buhmap");
        Stopwatch watch = Stopwatch.StartNew();
        LandmarkSet set = LandmarkDataset.Read(path, new DatasetOptions());
        output.WriteLine($"read in {watch.Elapsed.TotalSeconds:F2} s");
        Assert.Equal((440, 11, 8), (set.Clips.Count, set.Subjects.Count, set.Labels.Count));
        Assert.Equal((27, 136), (set.Clips.Min(c => c.Frames), set.Clips.Max(c => c.Frames)));
        Assert.Empty(set.Warnings);
        LandmarkClip first = set.Clips[0];
        Assert.Equal(("abuzer_1_1", "abuzer", "neutral"), (first.Name, first.Subject, first.Label));
        Assert.Equal(245.6f, first.Point(0, 0)[0]);
        FeatureSet features = new Preprocessor(new PreprocessingOptions()).Apply(set);
        Assert.Equal((440, 48, 68, 2), (features.Clips, features.Time, features.Points, features.Dimensions));
        Assert.Empty(features.Skipped);
        Assert.All(features.Values.ToArray(), v => Assert.True(Math.Abs(v) < 10));
    }

    [Fact]
    public void Faces468()
    {
        LandmarkSet set = LandmarkDataset.Read(SharedData.Require("faces468/landmarks.csv"), new DatasetOptions());
        Assert.Equal((1289, 6, 3), (set.Clips.Count, set.Labels.Count, set.Clips[0].Dimensions));
        Assert.Equal(("mediapipe468", 300), (set.Topology.Name, set.Clips.Count(c => c.Label == "happiness")));
        Assert.Equal(61, set.Clips.Count(c => c.Subject == "Dwarakish"));
        Assert.All(set.Clips, c => Assert.Equal(1, c.Frames));
        FeatureSet features = new Preprocessor(new PreprocessingOptions()).Apply(set);
        Assert.Equal((1, 2), (features.Time, features.Dimensions));
        Assert.True(features.Clips >= 1280);
        Assert.All(features.Values.ToArray(), v => Assert.True(Math.Abs(v) < 10));
    }
}
