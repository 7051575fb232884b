namespace EmotionXai.Landmarks.Video;

/// <summary>What a file is by its name.</summary>
internal static class MediaKind
{
    private static readonly HashSet<string> s_pictures = new(StringComparer.OrdinalIgnoreCase) { ".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff" };

    private static readonly HashSet<string> s_videos = new(StringComparer.OrdinalIgnoreCase)
    {
        ".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".wmv", ".flv", ".ogv", ".3gp", ".mts", ".gif",
    };

    public static bool IsPicture(string path) => s_pictures.Contains(Path.GetExtension(path));

    public static bool IsVideo(string path) => s_videos.Contains(Path.GetExtension(path));

    public static bool IsMedia(string path) => IsPicture(path) || IsVideo(path);
}
