using System.Diagnostics;
using System.Globalization;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>
/// What a user waits for: a process from its start to its end that reads a model and a clip of 20 frames, judges the clip and writes the answer. Ours twice:
/// the command line, and the native program of <c>docs/packages.md</c>. The rival is a program of the same runtime around ONNX Runtime.
/// </summary>
internal static class WholeProcess
{
    private const string Clip = "clip.csv";

    public static IEnumerable<Row> Predict(Settings settings)
    {
        string root = Environment.CurrentDirectory, program = Path.Combine(root, "emotionxai");
        if (OperatingSystem.IsWindows() || !File.Exists(program))
        {
            Console.Error.WriteLine("note: rows of whole processes are left out; they need ./emotionxai in the folder that ./bench.sh was called in.");
            yield break;
        }

        string folder = Directory.CreateTempSubdirectory("emotionxai-process-").FullName;
        try
        {
            Run(program, folder, "synth", "--subjects", "4", "--repetitions", "1", "--frames", "20", "--out", "faces", "--quiet");
            Run(program, folder, "train", "--data", "faces/landmarks.csv", "--emotion", "happiness", "--network", "lstm", "--hidden", "64", "--frames", "20", "--epochs", "2", "--out", "model", "--quiet");
            string model = Path.Combine(folder, "model", "happiness.safetensors"), onnx = Path.Combine(folder, "happiness.onnx"), answer = Path.Combine(folder, "answer.csv");
            Run(program, folder, "export", model, "--out", onnx, "--quiet");
            WriteOneClip(Path.Combine(folder, "faces", "landmarks.csv"), Path.Combine(folder, Clip));

            Action ours = () => Run(program, folder, "predict", model, "--data", Clip, "--out", "out", "--force", "--quiet"), peer = () => Run(Environment.ProcessPath!, folder, OnnxProcess.Verb, onnx, Clip, answer);
            ours();
            peer();
            float want = LastCell(File.ReadAllText(answer)), got = float.Parse(File.ReadLines(Path.Combine(folder, "out", "predictions.csv")).Last().Split(',')[5], CultureInfo.InvariantCulture);
            Contest contest = new(settings);
            yield return Row.Times("process, ./emotionxai predict, LSTM H 64, one clip of 20 frames", "ms", 1e3, contest.Run(ours, peer), 1, Agreement.Deviation([got], [want]), "ONNX Runtime in a program of .NET");

            if (NativeJudge.Build(root, folder, out string missing) is not { } native)
            {
                Console.Error.WriteLine($"note: the native program is left out: {missing}");
                yield break;
            }

            // It writes to its output, into a file here as the others do.
            Action judge = () => File.WriteAllText(Path.Combine(folder, "native.csv"), Run(native, folder, model, Clip));
            judge();
            got = LastCell(File.ReadAllText(Path.Combine(folder, "native.csv")));
            yield return Row.Times("process, native program, LSTM H 64, one clip of 20 frames", "ms", 1e3, contest.Run(judge, peer), 1, Agreement.Deviation([got], [want]), "ONNX Runtime in a program of .NET");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a program writes to its output; it is to end with 0.</summary>
    public static string Run(string program, string folder, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed with {process.ExitCode}: {error.Result}{output}");
    }

    private static float LastCell(string text) => float.Parse(text.Trim().Split('\n')[^1].Split(',')[^1], CultureInfo.InvariantCulture);

    // The first clip in which the tracker was sure of every frame and found every point: the graph takes points as they are.
    private static void WriteOneClip(string from, string to)
    {
        string[] lines = File.ReadAllLines(from), names = lines[0].Split(',');
        int sure = Array.IndexOf(names, "confidence");
        IGrouping<string, string> clip = lines.Skip(1).GroupBy(l => l.Split(',')[0]).First(g => g.Select(l => l.Split(','))
            .All(cells => double.Parse(cells[sure], CultureInfo.InvariantCulture) >= 0.5 && cells.Skip(sure).All(c => double.TryParse(c, CultureInfo.InvariantCulture, out double v) && double.IsFinite(v))));
        File.WriteAllLines(to, [lines[0], .. clip]);
    }
}
