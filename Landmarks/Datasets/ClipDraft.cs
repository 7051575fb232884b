using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Spilling;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>A clip while its frames are read.</summary>
internal sealed class ClipDraft(string name, string file, int line, DraftFrames frames)
{
    private const float Farthest = 1e9f;
    private readonly DraftFrames.DraftCoordinates _coordinates = frames.New();
    private readonly List<float> _confidence = [];
    private readonly List<double> _numbers = [];
    private readonly List<int> _lines = [];

    /// <summary>The clip's name; the file's reader may still change it.</summary>
    public string Name { get; set; } = name;

    /// <summary>The file and line where it starts.</summary>
    public string File { get; } = file;

    public int Line { get; } = line;

    public string? Label { get; set; }

    public string? Subject { get; set; }

    /// <summary>Adds a frame and returns its coordinates to fill: [point, coordinate].</summary>
    public Span<float> Add(int width, float confidence, double number, int line)
    {
        _confidence.Add(float.IsFinite(confidence) ? Math.Clamp(confidence, 0, 1) : 0);
        _numbers.Add(number);
        _lines.Add(line);
        return _coordinates.Add(width);
    }

    // No camera's pixel and no other unit is so far away; a number like that breaks scaling for all clips.
    private void CheckCoordinates(ReadOnlySpan<float> all, int points, int dimensions)
    {
        int at = all.IndexOfAnyExceptInRange(-Farthest, Farthest);
        while (at >= 0)
        {
            // NaN, for a point that is missing, is in no range.
            if (!float.IsNaN(all[at]))
            {
                int width = points * dimensions;
                throw DatasetFault.At(File, _lines[at / width], $"point {at % width / dimensions} of clip '{Name}' lies at {all[at]:G3}, and no landmark is farther than {Farthest:G1}. Correct it, or leave the cell empty where the tracker found nothing.");
            }

            int next = all[(at + 1)..].IndexOfAnyExceptInRange(-Farthest, Farthest);
            at = next < 0 ? -1 : at + 1 + next;
        }
    }

    /// <summary>The clip with its frames in order of their numbers.</summary>
    /// <exception cref="InvalidDataException">A number occurs twice.</exception>
    public LandmarkClip Finish(string subject, string label, int points, int dimensions)
    {
        int count = _confidence.Count, width = points * dimensions;
        int[] order = [.. Enumerable.Range(0, count)];
        double[] numbers = [.. _numbers];
        Array.Sort(numbers, order);
        for (int t = 1; t < count; t++)
        {
            if (numbers[t] != numbers[t - 1]) continue;
            (int first, int second) = (Math.Min(_lines[order[t]], _lines[order[t - 1]]), Math.Max(_lines[order[t]], _lines[order[t - 1]]));
            throw DatasetFault.At(File, second, $"frame {numbers[t]} of clip '{Name}' was already on line {first}. Keep one face a frame, or name the clips apart.");
        }

        float[] source = _coordinates.Take(), coordinates = source, confidence = new float[count];
        CheckCoordinates(source, points, dimensions);
        if (!order.SequenceEqual(order.Order())) coordinates = [.. order.SelectMany(t => source.AsSpan(t * width, width).ToArray())];
        for (int t = 0; t < count; t++) confidence[t] = _confidence[order[t]];
        return frames.File is SpillFile disk
            ? new LandmarkClip(Name, subject, label, points, dimensions, disk, disk.Append(coordinates), confidence)
            : new LandmarkClip(Name, subject, label, points, dimensions, coordinates, confidence);
    }
}
