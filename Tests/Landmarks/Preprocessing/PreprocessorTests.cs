using System.Text.Json;
using CsCheck;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Preprocessing;

public sealed class PreprocessorTests
{
    private static readonly LandmarkTopology s_topology = LandmarkTopology.Ibug68;

    // A face that moves a little from frame to frame, in pixels.
    private static readonly Gen<LandmarkClip> s_clip =
        from frames in Gen.Int[1, 24]
        from noise in Gen.Double[-8, 8].Array[frames * 68 * 2]
        select Clip(frames, (t, p, d) => Neutral(p, d) + (t == 0 ? noise[(p * 2) + d] * 0.2 : noise[(((t * 68) + p) * 2) + d]));

    private static double Neutral(int point, int axis) =>
        axis switch { 0 => 320 + (60 * s_topology.Neutral[point].X), 1 => 240 + (60 * s_topology.Neutral[point].Y), _ => 60 * s_topology.Neutral[point].Z };

    private static LandmarkClip Clip(int frames, Func<int, int, int, double> at, Func<int, float>? confidence = null, int dimensions = 2, string name = "a")
    {
        float[] values = new float[frames * 68 * dimensions];
        for (int i = 0; i < values.Length; i++) values[i] = (float)at(i / (68 * dimensions), i / dimensions % 68, i % dimensions);
        return new LandmarkClip(name, "s", "joy", 68, dimensions, values, [.. Enumerable.Range(0, frames).Select(t => confidence?.Invoke(t) ?? 1)]);
    }

    private static FeatureSet Apply(PreprocessingOptions options, params LandmarkClip[] clips) =>
        new Preprocessor(options).Apply(new LandmarkSet("test", s_topology, clips));

    private static void Close(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{i}: {expected[i]} and {actual[i]}");
    }

    // The clip turned by an angle, scaled and moved.
    private static LandmarkClip Moved(LandmarkClip clip, double scale, double x, double y, double angle = 0) =>
        Clip(clip.Frames, (t, p, d) =>
        {
            (double px, double py) = (clip.Point(t, p)[0], clip.Point(t, p)[1]);
            return d == 0
                ? (scale * ((Math.Cos(angle) * px) - (Math.Sin(angle) * py))) + x
                : (scale * ((Math.Sin(angle) * px) + (Math.Cos(angle) * py))) + y;
        });

    [Theory]
    [InlineData(Alignment.FirstFrame, true)]
    [InlineData(Alignment.FirstFrame, false)]
    [InlineData(Alignment.PerFrame, true)]
    [InlineData(Alignment.Procrustes, true)]
    [InlineData(Alignment.Procrustes, false)]
    public void Where_the_face_is_and_how_large_does_not_matter(Alignment alignment, bool displacement)
    {
        PreprocessingOptions options = new() { Alignment = alignment, Features = displacement ? "displacement" : "positions", Frames = 5 };
        Gen.Select(s_clip, Gen.Double[0.3, 4], Gen.Double[-300, 300], Gen.Double[-300, 300]).Sample(
            (clip, scale, x, y) => Close(Apply(options, clip).Values.ToArray(), Apply(options, Moved(clip, scale, x, y)).Values.ToArray(), 2e-4), iter: 50);
    }

    [Theory]
    [InlineData(Alignment.PerFrame, true)]
    [InlineData(Alignment.PerFrame, false)]
    public void Upright_faces_do_not_depend_on_roll(Alignment alignment, bool displacement)
    {
        PreprocessingOptions options = new() { Alignment = alignment, Features = displacement ? "displacement" : "positions", Frames = 5 };
        Gen.Select(s_clip, Gen.Double[-1, 1]).Sample(
            (clip, angle) => Close(Apply(options, clip).Values.ToArray(), Apply(options, Moved(clip, 1, 0, 0, angle)).Values.ToArray(), 2e-4), iter: 50);
    }

    [Fact]
    public void Procrustes_takes_rigid_motion_out() => Gen.Select(Gen.Double[-0.5, 0.5], Gen.Double[0.5, 2], Gen.Double[-90, 90]).Sample((angle, scale, shift) =>
    {
        LandmarkClip moving = Clip(4, (t, p, d) =>
        {
            (double c, double s) = (Math.Cos(angle * t), Math.Sin(angle * t));
            double size = Math.Pow(scale, t / 3.0);
            return (size * (d == 0 ? (c * Neutral(p, 0)) - (s * Neutral(p, 1)) : (s * Neutral(p, 0)) + (c * Neutral(p, 1)))) + (shift * t);
        });
        Assert.All(Apply(new() { Alignment = Alignment.Procrustes }, moving).Values.ToArray(), v => Assert.True(Math.Abs(v) < 1e-4));
    }, iter: 100);

    /// <summary>In space a head that turns, moves and comes nearer shows the same face; in the plane one that tilts.</summary>
    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 0.9)]
    public void Anchors_take_the_pose_of_the_head_out(int dimensions, double most)
    {
        PreprocessingOptions options = new() { Alignment = Alignment.Rigid, Features = "positions", Frames = 3, Use3D = true };
        Gen.Select(Gen.Double[-3, 3].Array[68 * 3], Gen.Double[-most, most], Gen.Double[-most, most], Gen.Double[-2, 2], Gen.Double[0.3, 4]).Sample((noise, side, up, tilt, scale) =>
        {
            double[] Face(int p) => [Neutral(p, 0) + noise[3 * p], Neutral(p, 1) + noise[(3 * p) + 1], Neutral(p, 2) + noise[(3 * p) + 2]];
            double[] Turned(double[] v, int a, int b, double angle)
            {
                (double s, double c) = Math.SinCos(angle);
                (v[a], v[b]) = ((c * v[a]) - (s * v[b]), (s * v[a]) + (c * v[b]));
                return v;
            }

            LandmarkClip still = Clip(1, (_, p, d) => Face(p)[d], dimensions: dimensions);
            LandmarkClip turned = Clip(1, (_, p, d) => 40 + (scale * Turned(Turned(Turned(Face(p), 0, 2, side), 1, 2, up), 0, 1, tilt)[d]), dimensions: dimensions);
            Close(Apply(options, still).Values.ToArray(), Apply(options, turned).Values.ToArray(), 2e-4);
        }, iter: 100);
    }

    [Fact]
    public void Anchors_stand_where_those_of_the_neutral_face_do()
    {
        LandmarkClip clip = Clip(1, (_, p, d) => Neutral(p, d) + (s_topology.Anchors.Contains(p) ? 0 : 7), dimensions: 3);
        float[] aligned = Apply(new() { Alignment = Alignment.Rigid, Features = "positions", Use3D = true }, clip).Values.ToArray();
        foreach (int p in s_topology.Anchors)
        {
            Assert.Equal(s_topology.Neutral[p].X, aligned[3 * p], 1e-4);
            Assert.Equal(s_topology.Neutral[p].Y, aligned[(3 * p) + 1], 1e-4);
            Assert.Equal(s_topology.Neutral[p].Z, aligned[(3 * p) + 2], 1e-4);
        }
    }

    [Fact]
    public void A_face_whose_anchors_coincide_is_left_out_with_the_reason()
    {
        LandmarkClip flat = Clip(1, (_, p, d) => s_topology.Anchors.Contains(p) ? 5 : Neutral(p, d));
        FeatureSet features = Apply(new() { Alignment = Alignment.Rigid, Features = "positions" }, flat, Clip(1, (_, p, d) => Neutral(p, d), name: "b"));
        Assert.Equal(["a: the points that its faces are aligned by coincide"], features.Skipped);
    }

    [Fact]
    public void The_eyes_are_one_apart_about_the_origin() => s_clip.Sample(clip =>
    {
        FeatureSet set = Apply(new() { Features = "positions", Frames = 3 }, clip);
        (double lx, double ly) = (s_topology.LeftEye.Average(p => set.Values.ToArray()[2 * p]), s_topology.LeftEye.Average(p => set.Values.ToArray()[(2 * p) + 1]));
        (double rx, double ry) = (s_topology.RightEye.Average(p => set.Values.ToArray()[2 * p]), s_topology.RightEye.Average(p => set.Values.ToArray()[(2 * p) + 1]));
        Assert.Equal(0, lx + rx, 1e-5);
        Assert.Equal(0, ly + ry, 1e-5);
        Assert.Equal(1, Math.Sqrt(((lx - rx) * (lx - rx)) + ((ly - ry) * (ly - ry))), 1e-5);
    }, iter: 50);

    [Fact]
    public void Resampling_a_linear_motion_is_exact() => Gen.Select(Gen.Int[2, 90], Gen.Int[2, 40], Gen.Double[-3, 3]).Sample((frames, time, speed) =>
    {
        LandmarkClip clip = Clip(frames, (t, p, d) => (16 * p) + d + (speed * t));
        float[] values = Apply(new() { Alignment = Alignment.None, Features = "positions", Frames = time }, clip).Values.ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            double at = (double)(i / 136) * (frames - 1) / (time - 1);
            Assert.Equal((16 * (i % 136 / 2)) + (i % 2) + (speed * at), values[i], 1e-3);
        }
    }, iter: 50);

    [Fact]
    public void Resampling_to_the_same_length_changes_nothing() => s_clip.Sample(clip =>
    {
        if (clip.Frames == 1) return;
        Assert.Equal(clip.Coordinates, Apply(new() { Alignment = Alignment.None, Features = "positions", Frames = clip.Frames }, clip).Values.ToArray());
    }, iter: 50);

    [Fact]
    public void Unsure_frames_and_missing_points_are_filled_over_time()
    {
        LandmarkClip clip = Clip(7, (t, p, d) => t is 0 or 3 ? 9999 : t == 4 && p == 5 ? double.NaN : t is 6 ? double.NaN : (10 * p) + t, t => t is 0 or 3 ? 0.1f : 1);
        float[] values = Apply(new() { Alignment = Alignment.None, Features = "positions", Frames = 7, MinSure = 0.2 }, clip).Values.ToArray();
        int[] expected = [1, 1, 2, 3, 4, 5, 5];
        for (int i = 0; i < values.Length; i++) Assert.Equal((10 * (i % 136 / 2)) + expected[i / 136], values[i], 1e-5);
    }

    [Fact]
    public void Displacement_starts_at_zero() => s_clip.Sample(clip =>
    {
        LandmarkClip longer = Clip(clip.Frames + 1, (t, p, d) => clip.Point(Math.Min(t, clip.Frames - 1), p)[d]);
        Assert.All(Apply(new() { Frames = 4 }, longer).Values.ToArray().Take(136), v => Assert.Equal(0f, v));
    }, iter: 30);

    [Fact]
    public void Single_frames_keep_their_shape_and_are_upright()
    {
        LandmarkClip clip = Clip(1, (_, p, d) => Neutral(p, d));
        FeatureSet set = Apply(new(), clip, Moved(clip, 2, 5, 7, 0.4));
        Assert.Equal((2, 1, 68, 2), (set.Clips, set.Time, set.Points, set.Dimensions));
        for (int p = 0; p < 68; p++) Assert.Equal(s_topology.Neutral[p].X, set.Values.ToArray()[2 * p], 1e-4);
        Close(set.Values.ToArray()[..136], set.Values.ToArray()[136..], 1e-4);
    }

    [Fact]
    public void Depth_only_where_asked()
    {
        LandmarkClip clip = Clip(2, (t, p, d) => Neutral(p, d) + t, dimensions: 3);
        Assert.Equal(2, Apply(new(), clip).Dimensions);
        FeatureSet deep = Apply(new() { Use3D = true, Features = "positions" }, clip);
        Assert.Equal(3, deep.Dimensions);
        Assert.Equal(s_topology.Neutral[30].Z, deep.Values.ToArray()[(3 * 30) + 2], 1e-4);
        Assert.Equal(2, Apply(new() { Use3D = true }, Clip(2, (_, p, d) => Neutral(p, d))).Dimensions);
    }

    [Fact]
    public void Clips_that_cannot_be_used_are_reported()
    {
        FeatureSet set = Apply(
            new(),
            Clip(4, (_, p, d) => Neutral(p, d), _ => 0.1f, name: "unsure"),
            Clip(4, (_, p, d) => Neutral(p, d), t => t == 0 ? 1 : 0, name: "mostly"),
            Clip(4, (_, p, d) => p == 9 ? double.NaN : Neutral(p, d), name: "pointless"),
            Clip(4, (_, _, _) => 7, name: "dot"),
            Clip(4, (_, p, d) => Neutral(p, d), name: "good"));
        Assert.Equal(["good"], set.Names);
        Assert.Collection(
            set.Skipped,
            s => Assert.StartsWith("unsure: 0 of 4 frames", s, StringComparison.Ordinal),
            s => Assert.StartsWith("mostly: 1 of 4 frames", s, StringComparison.Ordinal),
            s => Assert.StartsWith("pointless: point 9 is missing", s, StringComparison.Ordinal),
            s => Assert.StartsWith("dot: the eyes", s, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_survive_json()
    {
        PreprocessingOptions options = new() { Alignment = Alignment.Procrustes, Frames = 7, MinConfidence = 0.25, Features = "positions", Use3D = true };
        Assert.Equal(options, JsonSerializer.Deserialize<PreprocessingOptions>(JsonSerializer.Serialize(options)));
    }

    [Fact]
    public void Options_out_of_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Preprocessor(new() { Frames = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Preprocessor(new() { MinSure = double.NaN }));
    }
}
