using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;
using EmotionXai.Landmarks.Synthesis.Graded;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Synthesis;

/// <summary>Known spoilt landmarks, and known action units, in given clips.</summary>
public sealed class SpoiltClipsTests
{
    private static readonly LandmarkSet s_set = FaceSynthesizer.Generate(new SynthesisOptions { Subjects = 3, Repetitions = 2, Frames = 10, Distractors = 0 });

    [Theory]
    [InlineData(Spoiling.Jitter)]
    [InlineData(Spoiling.OtherMotion)]
    public void Clean_points_and_first_frames_stay_as_they_are(Spoiling how)
    {
        (LandmarkSet spoilt, bool[] clean) = SpoiltPoints.Spoil(s_set, how, 1, 20, 1);
        Assert.Equal(48, clean.Count(c => c));
        double moved = 0;
        for (int n = 0; n < s_set.Clips.Count; n++)
        {
            (LandmarkClip before, LandmarkClip after) = (s_set.Clips[n], spoilt.Clips[n]);
            Assert.Equal((before.Name, before.Subject, before.Label), (after.Name, after.Subject, after.Label));
            for (int t = 0; t < before.Frames; t++)
            {
                for (int i = 0; i < 68; i++)
                {
                    if (t == 0 || clean[i]) Assert.Equal(before.Point(t, i), after.Point(t, i));
                    else moved += Math.Abs(before.Point(t, i)[0] - after.Point(t, i)[0]);
                }
            }
        }

        Assert.True(moved > 0);
    }

    [Theory]
    [InlineData(Spoiling.Jitter)]
    [InlineData(Spoiling.OtherMotion)]
    public void The_seed_draws_all_and_the_scale_scales(Spoiling how)
    {
        (LandmarkSet a, bool[] clean) = SpoiltPoints.Spoil(s_set, how, 1, 20, 1);
        (LandmarkSet b, bool[] again) = SpoiltPoints.Spoil(s_set, how, 1, 20, 1);
        (LandmarkSet twice, _) = SpoiltPoints.Spoil(s_set, how, 2, 20, 1);
        (LandmarkSet none, _) = SpoiltPoints.Spoil(s_set, how, 0, 20, 1);
        Assert.Equal(clean, again);
        Assert.NotEqual(clean, SpoiltPoints.Spoil(s_set, how, 1, 20, 2).Clean);
        for (int n = 0; n < s_set.Clips.Count; n++)
        {
            Assert.Equal(a.Clips[n].Coordinates, b.Clips[n].Coordinates);
            Assert.Equal(s_set.Clips[n].Coordinates, none.Clips[n].Coordinates);

            // Coordinates are float32 of up to some 300 pixels: each is off by at most 300 * 2^-24, twice.
            for (int i = 0; i < a.Clips[n].Coordinates.Length; i++)
            {
                float from = s_set.Clips[n].Coordinates[i];
                Assert.Equal(2 * (a.Clips[n].Coordinates[i] - from), twice.Clips[n].Coordinates[i] - from, 1e-4f);
            }
        }
    }

    /// <summary>The jitter is as large as the landmark's own motion.</summary>
    [Fact]
    public void Jitter_has_the_deviation_that_is_asked_for()
    {
        (LandmarkSet spoilt, bool[] clean) = SpoiltPoints.Spoil(s_set, Spoiling.Jitter, 1, 68, 1);
        Assert.DoesNotContain(true, clean);
        for (int i = 0; i < 68; i++)
        {
            List<double> own = [], added = [];
            for (int n = 0; n < s_set.Clips.Count; n++)
            {
                LandmarkClip before = s_set.Clips[n], after = spoilt.Clips[n];
                for (int t = 0; t < before.Frames; t++) own.Add(before.Point(t, i)[1] - before.Point(0, i)[1]);
                for (int t = 1; t < before.Frames; t++) added.Add(after.Point(t, i)[1] - before.Point(t, i)[1]);
            }

            // 432 draws: a deviation's own relative error is 1 / sqrt(2 * 432) = 0.034; eye distances differ by a few percent.
            Assert.InRange(Deviation(added) / Deviation(own), 0.8, 1.2);
        }
    }

    [Fact]
    public void Half_of_every_persons_clips_are_spiked_where_the_unit_moves()
    {
        GradedCase spiked = SpikedUnits.Spike(s_set, "neutral", 1, 1), zero = SpikedUnits.Spike(s_set, "neutral", 0, 1);
        Assert.Equal(6, spiked.Set.Clips.Count);
        foreach (IGrouping<string, LandmarkClip> person in spiked.Set.Clips.GroupBy(c => c.Subject)) Assert.Equal(1, person.Count(c => c.Label == GradedCase.Signal));
        Assert.DoesNotContain(true, zero.Truth.Evidence);
        foreach ((LandmarkClip with, LandmarkClip without) in spiked.Set.Clips.Zip(zero.Set.Clips))
        {
            // Only clips of the signal differ from those at intensity zero, and only where there is evidence.
            for (int i = 0; i < 68; i++)
            {
                double moved = Math.Abs(with.Point(9, i)[0] - without.Point(9, i)[0]) + Math.Abs(with.Point(9, i)[1] - without.Point(9, i)[1]);
                if (with.Label == GradedCase.Rest || !spiked.Truth.Evidence[i]) Assert.Equal(0, moved);
            }
        }

        Assert.Equal(2, spiked.Truth.Units.Count);
        Assert.Equal(1, spiked.Truth.Coverage(spiked.Truth.Oracle(4)));
        Assert.Contains("joy", Assert.Throws<InvalidDataException>(() => SpikedUnits.Spike(s_set, "joy", 1, 1)).Message, StringComparison.Ordinal);
    }

    private static double Deviation(List<double> values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}
