using EmotionXai.Landmarks.Topologies;
using EmotionXai.Landmarks.Video;
using OpenCvSharp;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Video;

/// <summary>Crops, points and filters by their properties.</summary>
public sealed class GeometryTests
{
    [Theory]
    [InlineData(210, 160, 150, 0)]
    [InlineData(210, 160, 150, 25)]
    [InlineData(320, 240, 180, -140)]
    [InlineData(320, 240, 900, 40)]
    public void A_spot_is_found_again_where_it_was(float x, float y, float side, float degrees)
    {
        NativeVision.Require();
        (float sin, float cos) = MathF.SinCos(degrees * MathF.PI / 180);
        FaceCrop crop = new(x + 11, y - 7, side, cos, sin);
        using Mat frame = new(480, 640, MatType.CV_8UC3, Scalar.Black), cut = new();
        Cv2.Circle(frame, new Point((int)x, (int)y), 8, Scalar.White, Cv2.FILLED);
        crop.Cut(frame, cut, 300, sampled: false);
        using Mat grey = cut.CvtColor(ColorConversionCodes.BGR2GRAY);
        Moments moments = Cv2.Moments(grey);
        float[] spot = [(float)(moments.M10 / moments.M00), (float)(moments.M01 / moments.M00), 30];
        crop.ToFrame(spot, 300);
        Assert.Equal(x, spot[0], 0.6f);
        Assert.Equal(y, spot[1], 0.6f);
        Assert.Equal(30 * side / 300, spot[2], 1e-3f);
    }

    [Fact]
    public void The_crop_of_a_turned_face_is_upright()
    {
        IReadOnlyList<Point3> neutral = LandmarkTopology.MediaPipe468.Neutral;
        (float sin, float cos) = MathF.SinCos(0.6f);
        float[] mesh = [.. neutral.SelectMany(p => new[] { 300 + (80 * ((cos * p.X) - (sin * p.Y))), 200 + (80 * ((sin * p.X) + (cos * p.Y))), 80 * p.Z })];
        FaceCrop crop = FaceCrop.Of(mesh);
        Assert.Equal(cos, crop.Cos, 1e-4f);
        Assert.Equal(sin, crop.Sin, 1e-4f);
        float width = neutral.Max(p => p.X) - neutral.Min(p => p.X), height = neutral.Max(p => p.Y) - neutral.Min(p => p.Y);
        Assert.Equal(1.5f * 80 * Math.Max(width, height), crop.Side, 0.05f);
    }

    [Fact]
    public void The_68_points_mirror_as_iBUG_s_do_and_lie_where_they_should()
    {
        LandmarkTopology mesh = LandmarkTopology.MediaPipe468, ibug = LandmarkTopology.Ibug68;
        int[] map = [.. MeshPoints68.Map];
        Assert.Equal(68, map.Distinct().Count());
        for (int i = 0; i < 68; i++)
        {
            Assert.Equal(mesh.Mirror[map[i]], map[ibug.Mirror[i]]);
            Point3 a = mesh.Neutral[map[i]], b = ibug.Neutral[i];
            double off = Distance(a, b);

            // The jaw is not matched by place but cut by length, below.
            Assert.InRange(off, 0, ibug.Regions[i] == "jaw" ? 0.25 : 0.13);
        }

        double[] gaps = [.. Enumerable.Range(0, 16).Select(i => Distance(mesh.Neutral[map[i]], mesh.Neutral[map[i + 1]]))];
        Assert.All(gaps, gap => Assert.InRange(gap / gaps.Average(), 0.6, 1.5));
    }

    [Fact]
    public void The_filter_takes_jitter_and_leaves_motion()
    {
        Random random = new(3);
        OneEuroFilter filter = new();
        double rough = 0, smooth = 0, lag = 0;
        float lastRough = 0, lastSmooth = 0;
        for (int t = 0; t < 200; t++)
        {
            // The first half rests, the second moves a face side a second.
            float place = t < 100 ? 0 : (t - 100) * 4;
            float[] mesh = [place + (t < 100 ? (float)(random.NextDouble() - 0.5) : 0), 0, 0, place + 100, 100, 0];
            float before = mesh[0];
            filter.Apply(mesh, t / 25.0);
            if (t is > 5 and < 100)
            {
                rough += Math.Abs(before - lastRough);
                smooth += Math.Abs(mesh[0] - lastSmooth);
            }

            (lastRough, lastSmooth) = (before, mesh[0]);
            if (t > 150) lag = Math.Max(lag, Math.Abs(mesh[0] - place));
        }

        Assert.InRange(smooth / rough, 0, 0.5);
        Assert.InRange(lag, 0, 4);
    }

    [Fact]
    public void Boxes_overlap_and_are_near()
    {
        FaceBox box = new(10, 10, 100, 100);
        Assert.Equal(1, box.Overlap(box));
        Assert.Equal(1 / 3f, box.Overlap(new FaceBox(60, 10, 100, 100)), 1e-6f);
        Assert.Equal(0, box.Overlap(new FaceBox(120, 10, 100, 100)));
        Assert.True(box.IsNear(new FaceBox(80, 10, 80, 80)));
        Assert.False(box.IsNear(new FaceBox(10, 10, 300, 300)));
        Assert.False(box.IsNear(new FaceBox(210, 10, 100, 100)));
    }

    [Fact]
    public void A_missing_library_is_named_with_its_package()
    {
        string said = NativeVision.Remedy("DllNotFoundException: libgtk-3.so.0: cannot open shared object file: No such file\n/x/libOpenCvSharpExtern.so: cannot open shared object file");
        Assert.Contains("needs libgtk-3.so.0", said, StringComparison.Ordinal);
        Assert.Contains("apt-get install libgtk-3-0", said, StringComparison.Ordinal);
    }

    private static double Distance(Point3 a, Point3 b) => Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2));
}
