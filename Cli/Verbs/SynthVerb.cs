using System.CommandLine;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>synth</c>: the synthetic faces, as a file.</summary>
internal static class SynthVerb
{
    public static Command Create(TextWriter output)
    {
        SynthesisOptions byDefault = new();
        Option<string> topology = Setting.Text("--topology", "ibug68 or mediapipe468.", "ibug68");
        Option<int> subjects = Setting.Count("--subjects", "People.", byDefault.Subjects);
        Option<int> repetitions = Setting.Count("--repetitions", "Clips a person and emotion.", byDefault.Repetitions);
        Option<int> frames = Setting.Count("--frames", "Frames a clip.", byDefault.Frames, 2);
        Option<ulong> seed = Setting.Seed();
        Option<string> folder = Setting.Text("--out", "Folder for landmarks.csv and truth.csv.", "runs/synth");
        Command command = new("synth", "Write synthetic faces whose evidence is known. Example: emotionxai synth --topology mediapipe468 --subjects 24 --out faces");
        foreach (Option option in new Option[] { topology, subjects, repetitions, frames, seed, folder }) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            LandmarkSet set = FaceSynthesizer.Generate(byDefault with
            {
                Topology = LandmarkTopology.Find(parsed.GetValue(topology)!),
                Subjects = parsed.GetValue(subjects),
                Repetitions = parsed.GetValue(repetitions),
                Frames = parsed.GetValue(frames),
                Seed = parsed.GetValue(seed),
            });
            string path = parsed.GetValue(folder)!;
            SetWriter.Write(path, set);
            output.WriteLine($"Wrote {set.Clips.Count} clips of {set.Subjects.Count} subjects to {path} (landmarks.csv, truth.csv).");
            return Task.FromResult(0);
        });
        return command;
    }
}
