using System.Globalization;
using EmotionXai.Landmarks.Datasets;

namespace EmotionXai.Landmarks.Video;

/// <summary>
/// Turns paths into clips: a video or picture is one; a folder gives those directly in it; a folder of folders gives those too,
/// and the folder's name is the label; a CK+ tree (Sxxx/yyy/*.png) gives a clip a sequence; a number that is no file is a camera.
/// </summary>
public static class MediaFinder
{
    private const int MostDigits = 2;

    /// <summary>Whether a path holds videos or pictures, or is a camera's number, and holds no landmarks that could be read as they are.</summary>
    public static bool IsMedia(string path, DatasetOptions options)
    {
        if (IsCamera(path)) return true;
        if (File.Exists(path)) return MediaKind.IsMedia(path);
        if (!Directory.Exists(path) || LandmarkDataset.Knows(path, options)) return false;
        return Media(path).Any() || Directory.EnumerateDirectories(path).Any(f => Media(f).Any()) || CkPlusImages.Root(path) is not null;
    }

    /// <summary>Every clip, in a fixed order.</summary>
    /// <param name="paths">Files, folders, a camera's number.</param>
    /// <param name="labels">A CSV of file, subject, label, which overrides the folders' names; null takes <c>labels.csv</c> in a folder where there is one.</param>
    /// <exception cref="FileNotFoundException">A path does not exist.</exception>
    /// <exception cref="InvalidDataException">A folder holds nothing usable, or two clips bear one name.</exception>
    public static IReadOnlyList<MediaClip> Find(IReadOnlyList<string> paths, string? labels = null)
    {
        LabelsFile? given = labels is null ? null : new LabelsFile(labels);
        List<MediaClip> clips = [];
        foreach (string path in paths)
        {
            // Several folders may hold files of the same names; one is told apart by its own.
            string prefix = paths.Count > 1 && Directory.Exists(path) ? Path.GetFileName(Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar)) + "/" : "";
            LabelsFile? file = given ?? Beside(path);
            foreach (MediaClip clip in Of(path))
            {
                LabelsFile.Entry? entry = file?.Find(clip.Name);
                clips.Add(clip with
                {
                    Name = prefix + clip.Name,
                    Label = (given is null ? clip.Label ?? entry?.Label : entry?.Label)?.Trim().ToLowerInvariant(),
                    Subject = (given is null ? clip.Subject ?? entry?.Subject : entry?.Subject ?? clip.Subject)?.Trim(),
                });
            }
        }

        if (clips.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } same)
            throw new InvalidDataException($"{same.Last().Files[0]}: another clip is named '{same.Key}' too ({same.First().Files[0]}). Extract the two apart, or rename one.");
        return clips;
    }

    private static IReadOnlyList<MediaClip> Of(string path)
    {
        if (IsCamera(path)) return [new MediaClip($"camera_{path}", []) { Camera = int.Parse(path, CultureInfo.InvariantCulture) }];
        if (File.Exists(path)) return [new MediaClip(Path.GetFileName(path), [path])];
        if (!Directory.Exists(path)) throw DatasetFault.Missing(path, "Give videos, pictures, folders of them or a camera's number.");
        try
        {
            if (CkPlusImages.Root(path) is string root) return CkPlusImages.Find(path, root);
            MediaClip[] here = [.. Media(path).Select(f => new MediaClip(Path.GetFileName(f), [f]))];
            MediaClip[] below =
            [
                .. Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal).SelectMany(folder => Media(folder)
                    .Select(f => new MediaClip($"{Path.GetFileName(folder)}/{Path.GetFileName(f)}", [f]) { Label = Path.GetFileName(folder).ToLowerInvariant() })),
            ];
            return here.Length + below.Length > 0
                ? [.. here, .. below]
                : throw DatasetFault.At(path, "the folder holds no video and no picture, nor folders of them. Point to the folder that directly holds them.");
        }
        catch (UnauthorizedAccessException)
        {
            throw DatasetFault.Forbidden(path);
        }
    }

    private static LabelsFile? Beside(string path) => Directory.Exists(path) && CsvFiles.LabelsBeside(path) is string file ? new LabelsFile(file) : null;

    private static bool IsCamera(string path) => path.Length is > 0 and <= MostDigits && path.All(char.IsAsciiDigit) && !Path.Exists(path);

    private static IOrderedEnumerable<string> Media(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder).Where(MediaKind.IsMedia).Order(StringComparer.Ordinal);
        }
        catch (UnauthorizedAccessException)
        {
            throw DatasetFault.Forbidden(folder);
        }
    }
}
