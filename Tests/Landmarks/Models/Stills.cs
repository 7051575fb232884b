using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Tests.Landmarks.Models;

/// <summary>Pictures of synthetic faces: the middle frame of every clip.</summary>
internal static class Stills
{
    /// <summary>Pictures of so many people, two of each expression, as far as those are wanted.</summary>
    public static LandmarkSet Of(LandmarkTopology topology, int subjects, params string[] emotions)
    {
        LandmarkSet set = FaceSynthesizer.Generate(new SynthesisOptions { Topology = topology, Subjects = subjects, Frames = 9, Emotions = emotions, Distractors = 0 });
        return set with { Clips = [.. set.Clips.Select(Middle)] };
    }

    private static LandmarkClip Middle(LandmarkClip clip)
    {
        int width = clip.Points * clip.Dimensions, frame = clip.Frames / 2;
        return new LandmarkClip(clip.Name, clip.Subject, clip.Label, clip.Points, clip.Dimensions, clip.Coordinates[(frame * width)..((frame + 1) * width)], [1]);
    }
}
