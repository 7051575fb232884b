using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using EmotionXai.Landmarks.Topologies;
using Xunit;

namespace EmotionXai.Tests.Landmarks;

public sealed partial class TopologyTests
{
    private static readonly string[] s_regions =
    [
        "jaw", "left_brow", "right_brow", "nose", "left_eye", "right_eye", "outer_lips", "inner_lips", "left_cheek",
        "right_cheek", "forehead", "chin",
    ];

    public static TheoryData<string> All => ["ibug68", "mediapipe468"];

    [Fact]
    public void Find_knows_both_and_names_the_choices()
    {
        Assert.Same(LandmarkTopology.Ibug68, LandmarkTopology.Find("ibug68"));
        Assert.Same(LandmarkTopology.MediaPipe468, LandmarkTopology.Find("mediapipe468"));
        Assert.Equal(68, LandmarkTopology.Ibug68.Count);
        Assert.Equal(468, LandmarkTopology.MediaPipe468.Count);
        ArgumentException e = Assert.Throws<ArgumentException>(() => LandmarkTopology.Find("ibug69"));
        Assert.Contains("ibug68", e.Message, StringComparison.Ordinal);
        Assert.Contains("mediapipe468", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Tables_have_one_entry_a_point_and_names_are_unique(string name)
    {
        LandmarkTopology t = LandmarkTopology.Find(name);
        Assert.Equal(name, t.Name);
        Assert.Equal(t.Count, t.Regions.Count);
        Assert.Equal(t.Count, t.Mirror.Count);
        Assert.Equal(t.Count, t.Neutral.Count);
        Assert.Equal(t.Count, t.Names.Distinct().Count());
        Assert.All(t.Names, n => Assert.Matches("^[a-z]+(_[a-z0-9]+)+$", n));
        Assert.All(t.Regions, r => Assert.Contains(r, s_regions));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Mirror_is_an_involution_that_swaps_left_and_right(string name)
    {
        LandmarkTopology t = LandmarkTopology.Find(name);
        for (int i = 0; i < t.Count; i++)
        {
            int m = t.Mirror[i];
            Assert.Equal(i, t.Mirror[m]);
            Assert.Equal(Swap(t.Regions[i]), t.Regions[m]);
            Assert.Equal(-t.Neutral[i].X, t.Neutral[m].X, 1e-5f);
            Assert.Equal(t.Neutral[i].Y, t.Neutral[m].Y);
            Assert.Equal(t.Neutral[i].Z, t.Neutral[m].Z);
            Assert.Equal(i == m, t.Names[i] == Swap(t.Names[i]));

            // A point on no contour has its own index for a number, and its partner has another.
            string own = t.Names[i], partner = t.Names[m];
            Assert.True(Swap(own) == partner || Swap(WithoutIndex(own, i)) == WithoutIndex(partner, m), $"{own}, {partner}");
            if (i != m) Assert.Equal(t.Names[i].Contains("left", StringComparison.Ordinal), t.Neutral[i].X > 0);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Edges_are_in_range_unique_and_symmetric(string name)
    {
        LandmarkTopology t = LandmarkTopology.Find(name);
        HashSet<(int, int)> seen = [];
        foreach ((int a, int b) in t.Edges)
        {
            Assert.InRange(a, 0, t.Count - 1);
            Assert.InRange(b, 0, t.Count - 1);
            Assert.NotEqual(a, b);
            Assert.True(seen.Add((Math.Min(a, b), Math.Max(a, b))));
        }

        Assert.All(seen, e => Assert.Contains(
            (Math.Min(t.Mirror[e.Item1], t.Mirror[e.Item2]), Math.Max(t.Mirror[e.Item1], t.Mirror[e.Item2])), seen));
        Assert.Equal(t.Count, seen.SelectMany(e => new[] { e.Item1, e.Item2 }).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Eyes_mirror_each_other_and_lie_one_unit_apart(string name)
    {
        LandmarkTopology t = LandmarkTopology.Find(name);
        Assert.Equal(t.RightEye.Order(), t.LeftEye.Select(i => t.Mirror[i]).Order());
        Assert.All(t.LeftEye, i => Assert.Equal("left_eye", t.Regions[i]));
        Assert.Equal(0.5f, t.LeftEye.Average(i => t.Neutral[i].X), 1e-4f);
        Assert.Equal(0f, t.LeftEye.Average(i => t.Neutral[i].Y), 1e-4f);
        Assert.Equal(0f, t.LeftEye.Average(i => t.Neutral[i].Z), 1e-4f);
    }

    [Fact]
    public void Well_known_points_have_their_names()
    {
        Assert.Equal("lip_corner_right", LandmarkTopology.Ibug68.Names[48]);
        Assert.Equal("lip_corner_right", LandmarkTopology.MediaPipe468.Names[61]);
        Assert.Equal("lip_corner_left", LandmarkTopology.MediaPipe468.Names[291]);
        Assert.Equal("left_eye_corner_outer", LandmarkTopology.MediaPipe468.Names[263]);
        Assert.Equal("left_eye_corner_outer", LandmarkTopology.Ibug68.Names[45]);
        Assert.Equal("left_brow", LandmarkTopology.Ibug68.Regions[24]);
        Assert.Equal("right_cheek_205", LandmarkTopology.MediaPipe468.Names[205]);
    }

    /// <summary>The points both topologies name alike lie alike.</summary>
    [Fact]
    public void The_two_neutral_faces_agree()
    {
        LandmarkTopology a = LandmarkTopology.Ibug68, b = LandmarkTopology.MediaPipe468;
        string[] shared = ["lip_corner_left", "nose_tip", "nose_base", "left_eye_corner_inner", "left_eye_corner_outer", "lower_lip_middle", "upper_lip_middle"];
        foreach (string name in shared)
        {
            Point3 p = a.Neutral[a.Names.ToList().IndexOf(name)], q = b.Neutral[b.Names.ToList().IndexOf(name)];
            Assert.Equal(p.X, q.X, 0.15f);
            Assert.Equal(p.Y, q.Y, 0.15f);
            Assert.Equal(p.Z, q.Z, 0.25f);
        }
    }

    /// <summary>The mean of real faces, moved, turned and scaled onto the table, lies on it.</summary>
    [Fact]
    public void Neutral_468_is_the_mean_of_real_faces()
    {
        string csv = SharedData.Require("faces468/landmarks.csv");
        LandmarkTopology t = LandmarkTopology.MediaPipe468;
        (double X, double Y)[] mean = new (double, double)[t.Count];
        int faces = 0;
        foreach (string line in File.ReadLines(csv).Skip(1))
        {
            string[] cells = line.Split(',');
            double[] values = [.. cells[^(3 * t.Count)..].Select(c => double.Parse(c, CultureInfo.InvariantCulture))];
            (double X, double Y)[] face = [.. Enumerable.Range(0, t.Count).Select(i => (values[3 * i], values[(3 * i) + 1]))];
            face = Align(face, t);
            mean = [.. mean.Zip(face, (a, b) => (a.X + b.X, a.Y + b.Y))];
            faces++;
        }

        mean = [.. mean.Select(p => (p.X / faces, p.Y / faces))];
        double square = mean.Zip(t.Neutral, (a, b) => Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2)).Average();
        Assert.InRange(faces, 1000, int.MaxValue);
        Assert.InRange(Math.Sqrt(square), 0, 0.08);

        // Were any two neighbours swapped, the nearest table point of a mean point would often be another.
        int own = mean.Where((p, i) => Rank(p, i, t) < 3).Count();
        Assert.InRange(own, (int)(0.85 * t.Count), t.Count);
    }

    /// <summary>The same for the hand-made face: the first frames of real neutral clips.</summary>
    [Fact]
    public void Neutral_68_is_the_mean_of_real_faces()
    {
        string folder = SharedData.Require("buhmap");
        LandmarkTopology t = LandmarkTopology.Ibug68;
        (double X, double Y)[] mean = new (double, double)[t.Count];
        string[] clips = [.. File.ReadLines(Path.Combine(folder, "labels.csv")).Where(l => l.EndsWith("neutral", StringComparison.Ordinal))];
        foreach (string clip in clips)
        {
            string[] lines = [.. File.ReadLines(Path.Combine(folder, clip.Split(',')[0])).Take(2)];
            string[] header = [.. lines[0].Split(',').Select(c => c.Trim())], cells = lines[1].Split(',');
            double Cell(string column) => double.Parse(cells[Array.IndexOf(header, column)], CultureInfo.InvariantCulture);
            (double X, double Y)[] face = [.. Enumerable.Range(0, t.Count).Select(i => (Cell($"x_{i}"), Cell($"y_{i}")))];
            mean = [.. mean.Zip(Align(face, t), (a, b) => (a.X + (b.X / clips.Length), a.Y + (b.Y / clips.Length)))];
        }

        double square = mean.Zip(t.Neutral, (a, b) => Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2)).Average();
        Assert.True(clips.Length >= 40);
        Assert.InRange(Math.Sqrt(square), 0, 0.1);
        Assert.InRange(mean.Where((p, i) => Rank(p, i, t) == 0).Count(), 58, 68);
    }

    private static int Rank((double X, double Y) p, int point, LandmarkTopology t)
    {
        double[] distances = [.. t.Neutral.Select(q => Math.Pow(p.X - q.X, 2) + Math.Pow(p.Y - q.Y, 2))];
        return distances.Count(d => d < distances[point]);
    }

    // The similarity a z + b, over the complex plane, that brings the face closest to the table.
    private static (double X, double Y)[] Align((double X, double Y)[] face, LandmarkTopology t)
    {
        Complex[] z = [.. face.Select(p => new Complex(p.X, p.Y))];
        Complex[] w = [.. t.Neutral.Select(p => new Complex(p.X, p.Y))];
        Complex zm = z.Aggregate((a, b) => a + b) / z.Length, wm = w.Aggregate((a, b) => a + b) / w.Length;
        Complex scale = z.Zip(w, (a, b) => Complex.Conjugate(a - zm) * (b - wm)).Aggregate((a, b) => a + b)
            / z.Sum(a => Math.Pow((a - zm).Magnitude, 2));
        return [.. z.Select(a => (scale * (a - zm)) + wm).Select(a => (a.Real, a.Imaginary))];
    }

    private static string Swap(string name) => LeftRight().Replace(name, m => m.Value == "left" ? "right" : "left");

    private static string WithoutIndex(string name, int index) =>
        name.EndsWith($"_{index}", StringComparison.Ordinal) ? name[..name.LastIndexOf('_')] : name;

    [GeneratedRegex("left|right")]
    private static partial Regex LeftRight();
}
