using System.CommandLine;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Landmarks.Models;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>export</c>: a saved model for other programs.</summary>
internal static class ExportVerb
{
    public static Verb Create(Terminal terminal) => new(
        "export",
        "Write a saved model as an ONNX file for other programs: preprocessing, scaling, network and calibration in one graph, to a probability.",
        command => Fill(command, terminal),
        "export runs/mine/happiness.safetensors --out happiness.onnx",
        "export runs/mine/fear.safetensors --input features");

    private static void Fill(Command command, Terminal terminal)
    {
        Argument<string> file = new("model") { Description = "A model that train or reduce has saved." };
        Option<string> path = Setting.Path("--out", "The file to write; by default MODEL with .onnx in place of .safetensors.");
        Option<string> input = Setting.Word("--input", "What the file takes: landmarks (all points of clips; preprocessing is inside) or features (made elsewhere; scaling is inside).", "landmarks", Setting.Names<OnnxInput>());
        Option<bool> force = Setting.Flag("--force", "Replace the file that lies there.");
        command.Arguments.Add(file);
        foreach (Option option in new Option[] { path, input, force }) command.Options.Add(option);
        terminal.AddTo(command);
        command.SetAction(parsed =>
        {
            string source = parsed.GetValue(file)!, target = parsed.GetValue(path) ?? Path.ChangeExtension(source, ".onnx");
            OnnxInput takes = Setting.Choice<OnnxInput>("--input", parsed.GetValue(input)!);
            if (File.Exists(target) && !parsed.GetValue(force)) throw new ArgumentException($"--out {target}: there is a file of that name; give another, or --force to replace it.");
            using CpuBackend backend = new();
            using LandmarkModel model = LandmarkModel.Load(source, backend);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
            OnnxFile.Write(model, target, takes);
            string takesWords = takes.ToString().ToLowerInvariant();
            return Task.FromResult(terminal.Close(
                parsed,
                () => new JsonObject { ["verb"] = "export", ["emotion"] = model.Emotion, ["input"] = takesWords, ["opset"] = OnnxFile.Opset, ["out"] = target },
                output => output.WriteLine($"Wrote {target}: ONNX, operator set {OnnxFile.Opset}, from {takesWords} to the probability of {model.Emotion}")));
        });
    }
}
