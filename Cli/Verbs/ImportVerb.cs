using System.CommandLine;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Models;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>import</c>: a network trained elsewhere, to be judged by and explained here.</summary>
internal static class ImportVerb
{
    public static Verb Create(Terminal terminal) => new(
        "import",
        "Make a model of a network that was trained elsewhere, on the features of a saved model: predict, watch and explain take it.",
        command => Fill(command, terminal),
        "import net.onnx --like fear.safetensors --out theirs.safetensors",
        "import nn.safetensors --like fear.safetensors --out new.safetensors");

    private static void Fill(Command command, Terminal terminal)
    {
        Argument<string> file = new("network") { Description = "An ONNX file, or weights with PyTorch's names (.safetensors)." };
        Option<string> like = Setting.Path("--like", "The saved model whose scaled features the network was trained on; emotion, landmarks and preprocessing are taken from it.");
        like.Required = true;
        Option<string> path = Setting.Path("--out", "The model to write.");
        path.Required = true;
        Option<string> output = Setting.Text("--output", "Of an ONNX file with several outputs: the one to take.");
        Option<string[]> modules = Setting.List("--modules", "For weights: LAYER=MODULE, where PyTorch's modules have other names, such as recurrent=lstm readout=fc.");
        Option<bool> force = Setting.Flag("--force", "Replace the file that lies there.");
        command.Arguments.Add(file);
        foreach (Option option in new Option[] { like, path, output, modules, force }) command.Options.Add(option);
        terminal.AddTo(command);
        command.SetAction(parsed =>
        {
            string source = parsed.GetValue(file)!, target = parsed.GetValue(path)!;
            if (File.Exists(target) && !parsed.GetValue(force)) throw new ArgumentException($"--out {target}: there is a file of that name; give another, or --force to replace it.");
            using CpuBackend backend = new();
            using LandmarkModel given = LandmarkModel.Load(parsed.GetValue(like)!, backend);
            using LandmarkModel model = ImportedNetwork.Read(source, given, Modules(parsed.GetValue(modules)), parsed.GetValue(output));
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
            model.Save(target);
            string network = ModelNames.NameOf(model.Options.Kind), hidden = string.Join(", ", model.Options.Hidden);
            terminal.Notes(parsed).WriteLine("note: its probabilities are not calibrated: the clips that it was trained on are not known here.");
            return Task.FromResult(terminal.Close(
                parsed,
                () => new JsonObject { ["verb"] = "import", ["emotion"] = model.Emotion, ["network"] = network, ["hidden"] = Json.List(model.Options.Hidden.Select(h => (JsonNode?)h)), ["out"] = target },
                line => line.WriteLine($"Wrote {target}: {network} of {hidden} units for {model.Emotion}, on {model.Landmarks.Count} landmarks")));
        });
    }

    private static Dictionary<string, string>? Modules(string[]? given)
    {
        string[] words = Setting.Words(given);
        if (words.Length == 0) return null;
        Dictionary<string, string> modules = new(StringComparer.Ordinal);
        foreach (string word in words)
        {
            string[] parts = word.Split('=');
            if (parts is not [{ Length: > 0 } layer, { Length: > 0 } module] || !modules.TryAdd(layer, module)) throw new ArgumentException($"--modules {word}: give LAYER=MODULE, each layer once.");
        }

        return modules;
    }
}
