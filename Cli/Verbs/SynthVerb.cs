using System.CommandLine;
using EmotionXai.Landmarks.Runs;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;
using EmotionXai.Landmarks.Synthesis.Graded;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>synth</c>: the synthetic faces, as a file.</summary>
internal static class SynthVerb
{
    public static Verb Create(Terminal terminal) => new(
        "synth",
        "Write synthetic faces whose evidence is known.",
        command => Fill(command, terminal),
        "synth --subjects 6 --repetitions 1 --out runs/faces",
        "synth --topology mediapipe468 --subjects 24 --out runs/mesh",
        "synth --case suppressor --subjects 12 --out runs/suppressor");

    private static void Fill(Command command, Terminal terminal)
    {
        SynthesisOptions byDefault = new();
        Option<string> topology = Setting.Word("--topology", "ibug68 or mediapipe468.", "ibug68", [LandmarkTopology.Ibug68.Name, LandmarkTopology.MediaPipe468.Name]);
        Option<int> subjects = Setting.Count("--subjects", "People.", byDefault.Subjects);
        Option<int> repetitions = Setting.Count("--repetitions", "Clips a person and emotion.", byDefault.Repetitions);
        Option<int> frames = Setting.Count("--frames", "Frames a clip; with --case 1 makes pictures.", byDefault.Frames, 1);
        Option<double> turn = Setting.Number("--turn", "With --case: how far heads look to the side and up or down, a standard deviation in degrees.", 0);
        Option<ulong> seed = Setting.Seed();
        OutputSettings output = new("synth");
        Option<string> graded = Setting.Word("--case", $"A case of the benchmark instead of emotions (docs/protocol.md): {string.Join(", ", Setting.Names<GradedKind>())}. Subjects to learn from, repetitions of either class, and 60 new people.", null, Setting.Names<GradedKind>());
        foreach (Option option in new Option[] { topology, subjects, repetitions, frames, seed, graded, turn }) command.Options.Add(option);
        output.AddTo(command);
        terminal.AddTo(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(graded) is null && parsed.GetValue(frames) == 1) throw new ArgumentException("--frames 1: pictures are made of the cases of the benchmark alone; add --case, such as --case noise, or give 2 frames or more.");
            if (parsed.GetValue(graded) is null && parsed.GetValue(turn) > 0) throw new ArgumentException("--turn: heads are turned in the cases of the benchmark alone; add --case, such as --case noise.");
            LandmarkSet set = parsed.GetValue(graded) is { } kind
                ? GradedFaces.Generate(new GradedOptions
                {
                    Kind = Setting.Choice<GradedKind>("--case", kind),
                    Topology = LandmarkTopology.Find(parsed.GetValue(topology)!),
                    People = parsed.GetValue(subjects),
                    Clips = parsed.GetValue(repetitions),
                    Frames = parsed.GetValue(frames),
                    Turn = parsed.GetValue(turn),
                    Depth = parsed.GetValue(topology) == LandmarkTopology.MediaPipe468.Name,
                    Seed = parsed.GetValue(seed),
                }).Set
                : FaceSynthesizer.Generate(byDefault with
                {
                    Topology = LandmarkTopology.Find(parsed.GetValue(topology)!),
                    Subjects = parsed.GetValue(subjects),
                    Repetitions = parsed.GetValue(repetitions),
                    Frames = parsed.GetValue(frames),
                    Seed = parsed.GetValue(seed),
                });
            using RunFolder folder = output.Claim(parsed);
            string path = folder.Path;
            SetWriter.Write(path, set);
            folder.Finish();
            return Task.FromResult(terminal.Close(
                parsed,
                () => new() { ["verb"] = "synth", ["topology"] = set.Topology.Name, ["clips"] = set.Clips.Count, ["subjects"] = set.Subjects.Count, ["out"] = path },
                text => text.WriteLine($"Wrote {set.Clips.Count} clips of {set.Subjects.Count} subjects to {path} (landmarks.csv, truth.csv).")));
        });
    }
}
