using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>The rival of a whole process: a plain program that reads a clip, judges it by ONNX Runtime, and writes the answer.</summary>
internal static class OnnxProcess
{
    /// <summary>What a child is called with.</summary>
    public const string Verb = "--judge-in-child";

    /// <summary>The work of a child. Preprocessing, network and calibration are in the graph, from the points as they are.</summary>
    /// <param name="model">An exported model.</param>
    /// <param name="clip">One clip as a table of OpenFace.</param>
    /// <param name="output">Where its probability goes.</param>
    public static void Child(string model, string clip, string output)
    {
        string[] lines = File.ReadAllLines(clip), names = lines[0].Split(',');
        int x = Array.IndexOf(names, "x_0"), y = Array.IndexOf(names, "y_0"), points = y - x;
        float[] values = new float[(lines.Length - 1) * points * 2];
        for (int frame = 1, at = 0; frame < lines.Length; frame++)
        {
            string[] cells = lines[frame].Split(',');
            for (int point = 0; point < points; point++)
            {
                values[at++] = float.Parse(cells[x + point], CultureInfo.InvariantCulture);
                values[at++] = float.Parse(cells[y + point], CultureInfo.InvariantCulture);
            }
        }

        // One clip pays for no threads: with one of them it starts soonest.
        using SessionOptions options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using InferenceSession session = new(model, options);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(values, [1, lines.Length - 1, points, 2]);
        using RunOptions run = new();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, ["landmarks"], [input], ["probability"]);
        File.WriteAllText(output, $"clip,probability\n{Path.GetFileNameWithoutExtension(clip)},{outputs[0].GetTensorDataAsSpan<float>()[0].ToString("0.######", CultureInfo.InvariantCulture)}\n");
    }
}
