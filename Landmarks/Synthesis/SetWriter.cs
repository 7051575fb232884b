using System.Globalization;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Synthesis;

/// <summary>Writes a set as one CSV file that <c>--data</c> reads back, and its truth beside it.</summary>
public static class SetWriter
{
    /// <summary>Writes <c>landmarks.csv</c> (a row a frame) and, where it is known, <c>truth.csv</c> (emotion, landmark, name).</summary>
    public static void Write(string folder, LandmarkSet set)
    {
        Directory.CreateDirectory(folder);
        bool mesh = set.Topology.Count == 468;
        AtomicFile.Write(Path.Combine(folder, "landmarks.csv"), writer =>
        {
            writer.Write(mesh ? "file,subject,emotion,extractor,frame,face_score" : "file,subject,label,extractor,frame,confidence,success");
            Columns(writer, set.Topology.Count, mesh);
            writer.WriteLine();
            foreach (LandmarkClip clip in set.Clips.Select(c => c.Loaded()))
                for (int t = 0; t < clip.Frames; t++) Frame(writer, clip, t, mesh);
        });
        if (set.Truth is null) return;
        AtomicFile.Write(Path.Combine(folder, "truth.csv"), writer =>
        {
            writer.WriteLine("emotion,landmark,name");
            foreach ((string emotion, bool[] evidence) in set.Truth.OrderBy(t => t.Key, StringComparer.Ordinal))
            {
                for (int i = 0; i < evidence.Length; i++)
                    if (evidence[i]) writer.WriteLine($"{emotion},{i},{set.Topology.Names[i]}");
            }
        });
    }

    // OpenFace groups all x before all y; the mesh's files have x, y, z of a point together.
    private static void Columns(TextWriter writer, int points, bool mesh)
    {
        if (mesh)
        {
            for (int i = 0; i < points; i++) writer.Write($",x_{i},y_{i},z_{i}");
            return;
        }

        for (int i = 0; i < points; i++) writer.Write($",x_{i}");
        for (int i = 0; i < points; i++) writer.Write($",y_{i}");
    }

    private static void Frame(TextWriter writer, LandmarkClip clip, int t, bool mesh)
    {
        double confidence = Math.Clamp(clip.Confidence[t], 1e-6f, 1 - 1e-6f);
        writer.Write($"{CsvText.Cell(clip.Name)},{CsvText.Cell(clip.Subject)},{CsvText.Cell(clip.Label)},{FaceSynthesizer.Name},{t + 1},");
        writer.Write(mesh ? Number(Math.Log(confidence / (1 - confidence))) : $"{Number(confidence)},1");
        if (mesh)
        {
            for (int i = 0; i < clip.Points; i++)
            {
                ReadOnlySpan<float> p = clip.Point(t, i);
                writer.Write($",{Number(p[0])},{Number(p[1])},{(clip.Dimensions > 2 ? Number(p[2]) : "0")}");
            }
        }
        else
        {
            for (int d = 0; d < 2; d++)
                for (int i = 0; i < clip.Points; i++) writer.Write($",{Number(clip.Point(t, i)[d])}");
        }

        writer.WriteLine();
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
