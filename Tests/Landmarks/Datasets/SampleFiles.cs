using System.Globalization;
using System.Text;

namespace EmotionXai.Tests.Landmarks.Datasets;

/// <summary>Small files of landmarks, as the trackers write them. Point p of frame t is at (p + t, 2 p + t, p).</summary>
internal static class SampleFiles
{
    public static string OpenFace(int frames = 3, string before = "", Func<int, string>? cells = null, int points = 68)
    {
        StringBuilder text = new();
        text.Append(before.Length > 0 ? before + ", " : "").Append("frame, face_id, timestamp, confidence, success");
        foreach (string axis in (string[])["x", "y"])
            for (int p = 0; p < points; p++) text.Append(CultureInfo.InvariantCulture, $", {axis}_{p}");
        text.Append(", X_0, Y_0, Z_0\n");
        for (int t = 0; t < frames; t++)
        {
            text.Append(cells is null ? "" : cells(t) + ", ").Append(CultureInfo.InvariantCulture, $"{t + 1},  0,  {t / 30.0:F3},  0.98,  1");
            for (int p = 0; p < points; p++) text.Append(CultureInfo.InvariantCulture, $",  {p + t}.5");
            for (int p = 0; p < points; p++) text.Append(CultureInfo.InvariantCulture, $",  {(2 * p) + t}.25");
            text.Append(",  1,  2,  3\n");
        }

        return text.ToString();
    }

    public static string MediaPipe(string columns, params string[] rows)
    {
        StringBuilder text = new(columns);
        for (int p = 0; p < 468; p++) text.Append(CultureInfo.InvariantCulture, $",x_{p},y_{p},z_{p}");
        text.Append('\n');
        foreach (string row in rows)
        {
            text.Append(row);
            for (int p = 0; p < 468; p++) text.Append(CultureInfo.InvariantCulture, $",{p},{2 * p},-{p}");
            text.Append('\n');
        }

        return text.ToString();
    }

    public static string PyFeat(string columns, params string[] rows)
    {
        StringBuilder text = new("FaceScore");
        foreach (string axis in (string[])["x", "y"])
            for (int p = 0; p < 68; p++) text.Append(CultureInfo.InvariantCulture, $",{axis}_{p}");
        text.Append(',').Append(columns).Append('\n');
        foreach (string row in rows)
        {
            text.Append("0.9");
            for (int i = 0; i < 136; i++) text.Append(CultureInfo.InvariantCulture, $",{i}");
            text.Append(',').Append(row).Append('\n');
        }

        return text.ToString();
    }

    public static string CkPlusFrame(int points = 68) =>
        string.Concat(Enumerable.Range(0, points).Select(p => string.Create(CultureInfo.InvariantCulture, $"   {p + 0.5:0.0000000e+000}   {2 * p:0.0000000e+000}\n")));
}
