using System.Diagnostics;
using EmotionXai.Landmarks.Synthesis;
using Xunit;

namespace EmotionXai.Tests.Readme;

/// <summary>
/// Every command of the README, in its order, in one empty folder, as a program of its own. Work that would take minutes gets
/// small sizes appended; everything else is what the README says. The video comes from the shared folder.
/// </summary>
public sealed class CommandExamples : IDisposable
{
    private static readonly (string Option, string Value)[] s_small =
        [("--folds", "2"), ("--inner-folds", "2"), ("--ranking-seeds", "1"), ("--inner-ranking-seeds", "1"), ("--controls", "random:1"), ("--frames", "4"), ("--hidden", "4,3"), ("--epochs", "1")];

    private static readonly string[] s_smallOfTrain = ["--frames", "--hidden", "--epochs"];

    private const string Video = "talk.mp4";

    private static readonly string? s_video = SharedData.TryFind("videos/single_face.mp4"), s_models = SharedData.TryFind("models");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_command_runs_as_written()
    {
        SetWriter.Write(Path.Combine(_folder.Path, "clips"), FaceSynthesizer.Generate(new SynthesisOptions { Subjects = 4, Repetitions = 1, Frames = 6 }));
        string[] commands = [.. ReadmeFile.Blocks("sh").SelectMany(block => block.Split('\n')).Where(line => line.StartsWith("./emotionxai ", StringComparison.Ordinal))];
        Assert.True(commands.Length >= 13, $"the README shows {commands.Length} commands");
        if (s_video is not null && s_models is not null) File.Copy(s_video, _folder[Video]);
        else commands = [.. commands.Where(c => !c.Contains(Video, StringComparison.Ordinal) && !c.Contains(" face-models ", StringComparison.Ordinal))];
        foreach (string command in commands)
        {
            (int code, string said) = Run(Shrunk(command.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]));
            Assert.True(code == 0, $"{command}\n{said}");
        }
    }

    private static string[] Shrunk(string[] args) => args[0] switch
    {
        "reduce" or "self-check" => [.. args, .. s_small.Where(s => !args.Contains(s.Option)).SelectMany(s => new[] { s.Option, s.Value })],
        "train" => [.. args, .. s_small.Where(s => s_smallOfTrain.Contains(s.Option) && !args.Contains(s.Option)).SelectMany(s => new[] { s.Option, s.Value })],
        _ => args,
    };

    private (int Code, string Said) Run(string[] args)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "emotionxai.dll"), .. args])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["EMOTIONXAI_CACHE"] = _folder["cache"];
        if (s_models is not null) start.Environment["EMOTIONXAI_MODELS"] = s_models;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }
}
