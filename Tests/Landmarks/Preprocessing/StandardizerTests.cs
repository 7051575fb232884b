using System.Text.Json;
using CsCheck;
using EmotionXai.Engine.Tensors;
using EmotionXai.Landmarks.Preprocessing;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Preprocessing;

public sealed class StandardizerTests
{
    private const int Width = 4;

    private static FeatureSet Features(int clips, int time, Func<int, double> value)
    {
        string[] names = [.. Enumerable.Range(0, clips).Select(i => $"{i}")];
        return new FeatureSet
        {
            Time = time,
            Points = 2,
            Dimensions = 2,
            Names = names,
            Labels = names,
            Subjects = names,
            Skipped = [],
            Values = ClipRows.From([.. Enumerable.Range(0, clips * time * Width).Select(i => (float)value(i))], time * Width),
        };
    }

    [Fact]
    public void Training_clips_get_mean_0_and_variance_1() => Gen.Double[-1, 1].Array[5 * 6 * Width].Sample(noise =>
    {
        FeatureSet set = Features(5, 6, i => (50 * (i % Width)) + (noise[i] * (1 + (i % Width))));
        Standardizer scaling = Standardizer.Fit(set, [0, 1, 3]);
        float[] values = [.. set.Values.ToArray()[..48], .. set.Values.ToArray()[72..96]];
        scaling.Apply(values);
        for (int f = 0; f < Width; f++)
        {
            double[] column = [.. values.Where((_, i) => i % Width == f).Select(v => (double)v)];
            Assert.Equal(0, column.Average(), 1e-3);
            Assert.Equal(1, column.Average(v => v * v), 1e-3);
        }
    }, iter: 100);

    [Fact]
    public void Other_clips_do_not_matter()
    {
        FeatureSet set = Features(3, 2, i => Math.Sin(i)), other = Features(3, 2, i => i < 16 ? Math.Sin(i) : 1e6);
        Assert.Equal(Standardizer.Fit(set, [0, 1]).Scales, Standardizer.Fit(other, [0, 1]).Scales);
        Assert.Equal(Standardizer.Fit(set, [0, 1]).Means, Standardizer.Fit(other, [0, 1]).Means);
    }

    [Fact]
    public void A_constant_does_not_blow_up()
    {
        FeatureSet set = Features(4, 3, i => i % Width == 2 ? 5 : Math.Sin(i));
        Standardizer scaling = Standardizer.Fit(set, [0, 1, 2, 3]);
        Assert.Equal(5f, scaling.Means[2]);
        Assert.True(scaling.Scales[2] > 1e-3);
        Assert.All(Standardizer.Fit(Features(2, 2, _ => 3), [0, 1]).Scales, s => Assert.Equal(1f, s));
    }

    [Fact]
    public void Survives_json()
    {
        Standardizer scaling = Standardizer.Fit(Features(3, 2, i => Math.Sin(i)), [0, 2]);
        Standardizer copy = JsonSerializer.Deserialize<Standardizer>(JsonSerializer.Serialize(scaling))!;
        Assert.Equal(scaling.Means, copy.Means);
        Assert.Equal(scaling.Scales, copy.Scales);
    }

    [Fact]
    public void Wrong_use()
    {
        Assert.Throws<ArgumentException>(() => Standardizer.Fit(Features(1, 1, _ => 1), []));
        Assert.Throws<ArgumentException>(() => new Standardizer([1, 1], [1, 1]).Apply(new float[3]));
    }
}
