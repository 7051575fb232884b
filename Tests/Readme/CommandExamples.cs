using EmotionXai.Landmarks.Synthesis;
using Xunit;

namespace EmotionXai.Tests.Readme;

/// <summary>
/// Every command of the README, in its order, in one empty folder, as a program of its own. Work that would take minutes gets
/// small sizes appended; everything else is what the README says. The video comes from the shared folder; <see cref="VideoWalk"/> runs
/// the commands of one video.
/// </summary>
public sealed class CommandExamples : IDisposable
{
    private static readonly (string Option, string Value)[] s_small =
        [("--folds", "2"), ("--inner-folds", "2"), ("--ranking-seeds", "1"), ("--inner-ranking-seeds", "1"), ("--controls", "random:1"), ("--frames", "4"), ("--hidden", "4,3"), ("--epochs", "1")];

    private static readonly string[] s_smallOfTrain = ["--frames", "--hidden", "--epochs"];

    private const string Video = "talk.mp4";

    private static readonly string? s_video = SharedData.TryFind("videos/single_face.mp4");

    private readonly ReadmeCommands _commands = new();

    public void Dispose() => _commands.Dispose();

    [Fact]
    public void Every_command_runs_as_written()
    {
        SetWriter.Write(_commands["clips"], FaceSynthesizer.Generate(new SynthesisOptions { Subjects = 4, Repetitions = 1, Frames = 6 }));
        string[] commands = [.. ReadmeFile.Blocks("sh").Where(b => !VideoWalk.IsPart(b)).SelectMany(ReadmeCommands.Of)];
        Assert.True(commands.Length >= 20, $"the README shows {commands.Length} commands");
        if (s_video is not null && ReadmeCommands.SeesFaces) File.Copy(s_video, _commands[Video]);
        else commands = [.. commands.Where(c => !c.Contains(Video, StringComparison.Ordinal))];
        string first = _commands.Run(commands[0], Shrunk);

        // The example of the output is of this command: its sentences stand there word for word, but for numbers.
        foreach (string line in ReadmeFile.Blocks("text").Single().Split('\n').Where(l => l.StartsWith("Accuracy: ", StringComparison.Ordinal) || l.StartsWith("emotion ", StringComparison.Ordinal)))
            Assert.Contains(string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..3]), string.Join(' ', first.Split(' ', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        foreach (string command in commands[1..]) _commands.Run(command, Shrunk);
    }

    private static string[] Shrunk(string[] args) => args[0] switch
    {
        "reduce" or "self-check" => [.. args, .. s_small.Where(s => !args.Contains(s.Option)).SelectMany(s => new[] { s.Option, s.Value })],
        "train" => [.. args, .. s_small.Where(s => s_smallOfTrain.Contains(s.Option) && !args.Contains(s.Option)).SelectMany(s => new[] { s.Option, s.Value })],
        _ => args,
    };
}
