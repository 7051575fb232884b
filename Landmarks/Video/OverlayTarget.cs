namespace EmotionXai.Landmarks.Video;

/// <summary>Where pictures of clips go: one video file, or a folder with a file a clip.</summary>
internal sealed class OverlayTarget
{
    private const string Video = ".mp4", Picture = ".jpg";
    private readonly string _path;
    private readonly bool _isFolder;

    /// <summary>Checks the path against the clips, before any work.</summary>
    /// <exception cref="ArgumentException">One file is given for several clips, or it cannot hold what it would have to.</exception>
    public OverlayTarget(string path, IReadOnlyList<MediaClip> clips)
    {
        _path = path;
        string extension = Path.GetExtension(path);
        _isFolder = extension.Length == 0 || Directory.Exists(path);
        if (!_isFolder)
        {
            if (clips.Count > 1) throw new ArgumentException($"--overlay {path}: {clips.Count} clips need a folder, not one file.");
            string fits = clips[0].IsStill ? Picture : Video;
            if (!extension.Equals(fits, StringComparison.OrdinalIgnoreCase)) throw new ArgumentException($"--overlay {path}: give a file that ends in {fits}, or a folder.");
        }

        HashSet<string> sources = [.. clips.SelectMany(c => c.Files).Select(Path.GetFullPath)];
        foreach (MediaClip clip in clips)
            if (sources.Contains(Path.GetFullPath(For(clip)))) throw new ArgumentException($"--overlay {path}: that would write over {For(clip)}. Give another folder.");
    }

    /// <summary>The file for a clip.</summary>
    public string For(MediaClip clip)
    {
        if (!_isFolder) return _path;
        string extension = clip.IsStill ? Picture : Video;
        string name = clip.Name.EndsWith(extension, StringComparison.OrdinalIgnoreCase) ? clip.Name : clip.Name + extension;
        return Path.Combine(_path, name.Replace('#', '_'));
    }
}
