using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using Xunit;

// The lines are for a reader's program, which has no test to cancel.
#pragma warning disable xUnit1051

namespace EmotionXai.Tests.Readme;

/// <summary>The README's example of the engine as a library: the lines between the marks are its text, compiled and run here.</summary>
public sealed class EngineExample
{
    [Fact]
    public void The_engine_trains_and_explains()
    {
        ClipData clips = Clips();

        // <readme>
        using CpuBackend backend = new();
        using Classifier classifier = new ClassifierOptions { Kind = ModelKind.Lstm, Hidden = [32, 16] }.Build(backend, time: 16, features: 136, seed: 1);
        Trainer.Train(classifier, clips, new TrainingOptions(), seed: 1);
        GroupRelevance relevance = new(time: 16, groupOf: [.. Enumerable.Range(0, 136).Select(f => f / 2)], groups: 68);
        new IntegratedGradients().Attribute(classifier, clips.Clips, Baselines.Zero(16 * 136), relevance);

        // </readme>
        // The evidence is in the first landmark: the network has to have found it there.
        Assert.Equal(0, relevance.Scores.Select((score, group) => (score, group)).Max().group);
    }

    [Fact]
    public void The_readme_shows_these_lines()
    {
        string source = File.ReadAllText(Path.Combine(ReadmeFile.Root(), "Tests", "Readme", "EngineExample.cs"));
        string[] lines = [.. source.Split("// <readme>")[1].Split("// </readme>")[0].Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)];
        Assert.Equal(lines, ReadmeFile.Blocks("csharp").Single().Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0));
    }

    // 24 clips of 16 frames: landmark 0 moves right where the target is 1, everything else is noise.
    private static ClipData Clips()
    {
        float[] values = new float[24 * 16 * 136], targets = new float[24];
        Random random = new(1);
        for (int i = 0; i < values.Length; i++) values[i] = 0.3f * (float)(random.NextDouble() - 0.5);
        for (int clip = 0; clip < 24; clip++)
        {
            targets[clip] = clip % 2;
            for (int t = 0; t < 16; t++) values[((clip * 16) + t) * 136] += clip % 2 * 2;
        }

        return new ClipData(16, 136, values, targets);
    }
}
