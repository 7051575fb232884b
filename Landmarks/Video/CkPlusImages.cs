using EmotionXai.Landmarks.Datasets;

namespace EmotionXai.Landmarks.Video;

/// <summary>The pictures of the Extended Cohn-Kanade set: Sxxx/yyy/*.png, a frame each, and Emotion/Sxxx/yyy beside them.</summary>
internal static class CkPlusImages
{
    private static readonly string[] s_folders = ["cohn-kanade-images", "extended-cohn-kanade-images"];

    /// <summary>The folder that holds the subjects: the path itself or a folder of CK+'s names in it; null where it is no such tree.</summary>
    public static string? Root(string path)
    {
        foreach (string folder in (string[])[path, .. s_folders.Select(f => Path.Combine(path, f)), Path.Combine(path, s_folders[1], s_folders[0])])
            if (Directory.Exists(folder) && Folders(folder).Where(IsSubject).Any(s => Folders(s).Any(q => Pictures(q).Length > 0))) return folder;
        return null;
    }

    /// <summary>A clip a sequence. Where there is a folder Emotion, sequences without an emotion are left out: their makers could not tell it either.</summary>
    public static IReadOnlyList<MediaClip> Find(string path, string root)
    {
        string? emotions = ((string[])[Path.Combine(path, "Emotion"), Path.Combine(Path.GetDirectoryName(Path.GetFullPath(root))!, "Emotion")]).FirstOrDefault(Directory.Exists);
        List<MediaClip> clips = [];
        foreach (string subject in Folders(root).Where(IsSubject))
        {
            foreach (string sequence in Folders(subject))
            {
                string[] frames = Pictures(sequence);
                if (frames.Length == 0) continue;
                string who = Path.GetFileName(subject), which = Path.GetFileName(sequence);
                string? label = emotions is null ? null : CkPlusReader.Emotion(Path.Combine(emotions, who, which));
                if (emotions is null || label is not null) clips.Add(new MediaClip($"{who}/{which}", frames) { Subject = who, Label = label });
            }
        }

        return clips.Count > 0 ? clips : throw DatasetFault.At(root, $"none of its sequences has an emotion in {emotions}. Unpack CK+'s emotion labels there, or move that folder away.");
    }

    private static bool IsSubject(string folder) => Path.GetFileName(folder) is ['S' or 's', .. { Length: > 0 } digits] && digits.All(char.IsAsciiDigit);

    private static string[] Pictures(string folder) => [.. Directory.GetFiles(folder).Where(MediaKind.IsPicture).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Folders(string folder) => Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal);
}
