using System.Globalization;
using EmotionXai.Engine.Serialization;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>
/// The Extended Cohn-Kanade set: Landmarks/Sxxx/yyy/*_landmarks.txt, a frame each, from neutral to apex, and
/// Emotion/Sxxx/yyy/*_emotion.txt with the number of the emotion. Sequences without one are left out, as their makers could
/// not tell the emotion either. Source: Lucey et al., "The Extended Cohn-Kanade Dataset (CK+)", CVPR Workshops 2010.
/// </summary>
internal sealed class CkPlusReader : IDatasetReader
{
    private const int Points = 68;
    private const long LargestFrame = 1_000_000;

    private static readonly string[] s_emotions = ["neutral", "anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise"];

    public string Format => "ckplus";

    public bool Accepts(DatasetProbe probe) => probe.IsFolder && Child(probe.Path, "Landmarks") is not null;

    public LandmarkSet Read(string path, DatasetOptions options)
    {
        if (!Directory.Exists(path)) throw DatasetFault.At(path, "CK+ is a folder, and this is a file. Give the folder that holds Landmarks and Emotion.");
        string landmarks = Child(path, "Landmarks") ?? throw DatasetFault.At(path, "the folder Landmarks is missing. Give the folder that holds Landmarks and Emotion.");
        string? emotions = Child(path, "Emotion");
        if (emotions is null && options is { LabelsFile: null, RequireLabels: true })
            throw DatasetFault.At(path, "the folder Emotion is missing. Put it beside Landmarks, or give --labels FILE.");
        ClipTable clips = new();
        List<string> skipped = [];
        int read = 0;
        foreach (string subject in Folders(landmarks))
        {
            foreach (string sequence in Folders(subject))
            {
                string name = $"{Path.GetFileName(subject)}/{Path.GetFileName(sequence)}";
                string[] frames = Files(sequence, "*_landmarks.txt");
                if (frames.Length == 0) continue;
                string? label = emotions is null ? null : Emotion(Path.Combine(emotions, Path.GetFileName(subject), Path.GetFileName(sequence)));
                if (label is null && options is { LabelsFile: null, RequireLabels: true })
                {
                    skipped.Add(name);
                    continue;
                }

                ClipDraft draft = clips.Add(name, frames[0], 1);
                (draft.Label, draft.Subject) = (label, Path.GetFileName(subject));
                for (int t = 0; t < frames.Length; t++) ReadFrame(frames[t], draft.Add(2 * Points, 1, t, 1));
                read++;
            }
        }

        if (read == 0)
        {
            throw DatasetFault.At(landmarks, skipped.Count == 0
                ? "no file Sxxx/yyy/*_landmarks.txt is in it. Unpack CK+'s landmarks here."
                : $"none of its {skipped.Count} sequences has a file Emotion/Sxxx/yyy/*_emotion.txt. Unpack CK+'s emotion labels into {emotions}.");
        }

        if (skipped.Count > 0) clips.Warn($"{path}: {skipped.Count} sequences without an emotion were left out, the first is {skipped[0]}");
        clips.FoundBy(Format);
        return clips.Label(path, LandmarkTopology.Ibug68, 2, options);
    }

    /// <summary>The emotion of a sequence, from the folder that holds its number; null where there is none.</summary>
    internal static string? Emotion(string folder)
    {
        string[] files = Directory.Exists(folder) ? Files(folder, "*_emotion.txt") : [];
        if (files.Length == 0) return null;
        string text = Text(files[0]).Trim();
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is >= 0 and <= 7 && number == Math.Floor(number))
            return s_emotions[(int)number];
        throw DatasetFault.At(files[0], 1, $"'{(text.Length <= 40 ? text : text[..40])}' is no emotion. Write a whole number from 0 (neutral) to 7 (surprise).");
    }

    private static void ReadFrame(string file, Span<float> target)
    {
        ReadOnlySpan<char> text = Text(file);
        int line = 0, last = 1, points = 0;
        foreach (ReadOnlySpan<char> raw in text.EnumerateLines())
        {
            line++;
            ReadOnlySpan<char> rest = raw.Trim();
            if (rest.IsEmpty) continue;
            last = line;
            if (points == Points) throw DatasetFault.At(file, line, $"more than {Points} points. Write one line 'x y' for each of the {Points}.");
            int gap = rest.IndexOfAny(' ', '\t');
            if (gap < 0) throw DatasetFault.At(file, line, "one number where a point has two. Write 'x y'.");
            target[2 * points] = Number(rest[..gap], file, line, "x");
            target[(2 * points) + 1] = Number(rest[gap..].Trim(), file, line, "y");
            points++;
        }

        if (points < Points) throw DatasetFault.At(file, last, $"the file ends after {points} of {Points} points. It was cut off: unpack it again.");
    }

    private static float Number(ReadOnlySpan<char> text, string file, int line, string column) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && !float.IsInfinity(value)
            ? value
            : throw DatasetFault.At(file, line, column, $"'{text[..Math.Min(text.Length, 40)]}' is no number. Write 'x y', or nan where the point is missing.");

    private static string Text(string file)
    {
        try
        {
            return System.Text.Encoding.UTF8.GetString(InputFile.ReadAll(file, LargestFrame));
        }
        catch (UnauthorizedAccessException)
        {
            throw DatasetFault.Forbidden(file);
        }
    }

    private static string[] Files(string folder, string pattern) => [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal)];

    private static string[] Folders(string folder) => [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal)];

    private static string? Child(string folder, string name) =>
        Folders(folder).FirstOrDefault(f => Path.GetFileName(f).Equals(name, StringComparison.OrdinalIgnoreCase));
}
