using CsCheck;
using EmotionXai.Engine.Layers;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Preprocessing;

public sealed class FeatureTests
{
    private const int Frames = 16;
    private const string Everything = "positions,displacement,steadied,fourier,log-fourier,spread,sorted";
    private static readonly LandmarkTopology s_topology = LandmarkTopology.Ibug68;

    private static LandmarkClip Clip(Func<int, int, int, double> at, int frames = Frames) =>
        new("clip", "someone", "joy", 68, 2, [.. Enumerable.Range(0, frames * 136).Select(i => (float)at(i / 136, i % 136 / 2, i % 2))], [.. Enumerable.Repeat(1f, frames)]);

    private static double Neutral(int point, int coordinate) => coordinate == 0 ? s_topology.Neutral[point].X : s_topology.Neutral[point].Y;

    private static FeatureSet Of(string features, params LandmarkClip[] clips) =>
        new Preprocessor(new PreprocessingOptions { Features = features, Frames = Frames }).Apply(new LandmarkSet("test", s_topology, clips));

    // One landmark goes left and right; the face else stands still.
    private static LandmarkClip Moving(int point, Func<int, double> x) => Clip((t, p, d) => Neutral(p, d) + (p == point && d == 0 ? x(t) : 0));

    private static double[] Column(FeatureSet set, string block, int point, int coordinate)
    {
        FeatureRows rows = set.Blocks.Single(b => b.Name == block);
        return [.. Enumerable.Range(rows.First, rows.Count).Select(r => (double)set.Values.ToArray()[(((r * set.Points) + point) * set.Dimensions) + coordinate])];
    }

    [Fact]
    public void Fourier_magnitudes_of_a_wave_stand_at_its_frequency()
    {
        FeatureSet set = Of("positions,fourier", Moving(57, t => 0.2 * Math.Sin(2 * Math.PI * 3 * t / Frames)));
        double[] magnitudes = Column(set, "positions fourier", 57, 0);
        Assert.Equal(8, magnitudes.Length);
        for (int k = 0; k < 8; k++) Assert.Equal(k == 3 ? 0.1 : 0, magnitudes[k], 1e-6);
        Assert.Equal(Math.Log(0.1 + 1e-3), Column(Of("positions,log-fourier", Moving(57, t => 0.2 * Math.Sin(2 * Math.PI * 3 * t / Frames))), "positions log-fourier", 57, 0)[3], 1e-4);
    }

    [Fact]
    public void Descriptors_do_not_see_when() => Gen.Select(Gen.Double[-0.3, 0.3].Array[Frames], Gen.Int[0, Frames - 1]).Sample((path, shift) =>
    {
        FeatureSet one = Of("positions,fourier,sorted", Moving(57, t => path[t])), other = Of("positions,fourier,sorted", Moving(57, t => path[(t + shift) % Frames]));
        foreach (string block in new[] { "positions fourier", "positions sorted" })
            Assert.Equal(Column(one, block, 57, 0), Column(other, block, 57, 0), (a, b) => Math.Abs(a - b) < 1e-5);
    }, iter: 50);

    [Fact]
    public void Spread_is_deviation_least_largest_and_path()
    {
        double[] spread = Column(Of("displacement,spread", Moving(57, t => t % 2 == 0 ? 0 : 0.4)), "displacement spread", 57, 0);
        Assert.Equal([0.2, 0, 0.4, 15 * 0.4], spread, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Steadied_features_do_not_see_how_the_head_moves() => Gen.Select(Gen.Double[-0.5, 0.5].Array[Frames], Gen.Double[-0.3, 0.3].Array[Frames], Gen.Double[0.8, 1.2].Array[Frames]).Sample((shift, turn, zoom) =>
    {
        LandmarkClip still = Moving(57, t => 0.01 * t);
        LandmarkClip moved = Clip((t, p, d) =>
        {
            if (t == 0) return still.Point(t, p)[d];
            (double x, double y, double cos, double sin) = (still.Point(t, p)[0], still.Point(t, p)[1], Math.Cos(turn[t]), Math.Sin(turn[t]));
            return zoom[t] * (d == 0 ? (cos * x) - (sin * y) + shift[t] : (sin * x) + (cos * y) - shift[t]);
        });
        float[] expected = Of("steadied,fourier", still).Values.ToArray(), actual = Of("steadied,fourier", moved).Values.ToArray();
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4);
    }, iter: 30);

    [Fact]
    public void A_feature_belongs_to_one_landmark()
    {
        // Eyes scale the face and rigid points steady it: what they do is everybody's. No other landmark is seen in another's features.
        FeatureSet still = Of(Everything, Moving(57, _ => 0)), moved = Of(Everything, Moving(57, t => 0.02 * t));
        float[] before = still.Values.ToArray(), after = moved.Values.ToArray();
        for (int i = 0; i < before.Length; i++)
        {
            if (i / 2 % 68 != 57 || i % 2 == 1) Assert.Equal(before[i], after[i]);
        }

        foreach (FeatureRows block in still.Blocks) Assert.NotEqual(Column(still, block.Name, 57, 0), Column(moved, block.Name, 57, 0));
    }

    [Fact]
    public void Side_by_side_every_frame_has_all_channels()
    {
        LandmarkClip clip = Moving(57, t => 0.02 * t * t);
        FeatureSet below = Of("displacement,steadied,spread", clip);
        FeatureSet beside = new Preprocessor(new PreprocessingOptions { Features = "displacement,steadied,spread", Frames = Frames }.For(ModelKind.Lstm)).Apply(new LandmarkSet("test", s_topology, [clip]));
        Assert.Equal((Frames, 2 * 2 * 5), (beside.Time, beside.Dimensions));
        Assert.Equal(["displacement", "displacement spread", "steadied", "steadied spread"], below.Blocks.Select(b => b.Name));
        double At(int t, int channel) => beside.Values.ToArray()[(((t * 68) + 57) * 20) + channel];
        for (int t = 0; t < Frames; t++)
        {
            Assert.Equal(Column(below, "displacement", 57, 0)[t], At(t, 0), 1e-6);
            for (int r = 0; r < 4; r++) Assert.Equal(Column(below, "displacement spread", 57, 1)[r], At(t, 2 + (2 * r) + 1), 1e-6);
            Assert.Equal(Column(below, "steadied", 57, 0)[t], At(t, 10), 1e-6);
        }
    }

    [Fact]
    public void Every_kind_of_row_is_scaled_by_itself()
    {
        FeatureSet set = Of("displacement,fourier,sorted", [.. Enumerable.Range(1, 6).Select(i => Moving(57, t => 0.01 * i * t))]);
        Standardizer scaling = Standardizer.Fit(set, [0, 1, 2, 3, 4, 5]);
        float[] values = set.Values.ToArray();
        scaling.Apply(values);
        int length = set.Time * 136;
        foreach (FeatureRows block in set.Blocks)
        {
            double[] scaled = [.. Enumerable.Range(0, 6).SelectMany(c => Enumerable.Range(block.First, block.Count).Select(r => (double)values[(c * length) + (r * 136) + 114]))];
            Assert.Equal(0, scaled.Average(), 1e-4);
            Assert.Equal(1, scaled.Average(v => v * v), 1e-3);
        }

        float[] scales = scaling.ScalesByRow(set.Time), some = set.Values.ToArray();
        for (int i = 0; i < some.Length; i++) some[i] /= scales[i % length];
        Standardizer only = new(new float[scaling.Means.Length], scaling.Scales, scaling.Rows);
        float[] expected = set.Values.ToArray();
        only.Apply(expected);
        Assert.Equal(expected, some);
    }

    [Fact]
    public void A_picture_has_its_place_alone()
    {
        FeatureSet set = Of("displacement,steadied,fourier", Clip((_, p, d) => Neutral(p, d), frames: 1));
        Assert.Equal((1, 2), (set.Time, set.Dimensions));
        Assert.Equal(Neutral(57, 1), set.Values.ToArray()[(57 * 2) + 1], 1e-5);
    }

    [Theory]
    [InlineData("displacement,velocity", "velocity")]
    [InlineData("fourier", "at least one")]
    [InlineData("", "at least one")]
    public void What_is_no_list_of_features_is_told(string features, string part) =>
        Assert.Contains(part, Assert.Throws<ArgumentException>(() => Of(features, Moving(57, _ => 0))).Message, StringComparison.Ordinal);
}
