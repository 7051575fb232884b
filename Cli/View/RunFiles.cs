namespace EmotionXai.Cli.View;

/// <summary>The files below one folder, and no others: no parent, no absolute path, no link that leads out, nothing hidden.</summary>
internal sealed class RunFiles
{
    private const int MostLinks = 16;

    // What runs are made of. Anything else is not served.
    private static readonly (string Extension, string Type)[] s_types =
    [
        (".html", "text/html; charset=utf-8"),
        (".json", "application/json; charset=utf-8"),
        (".csv", "text/csv; charset=utf-8"),
        (".txt", "text/plain; charset=utf-8"),
        (".svg", "image/svg+xml"),
        (".png", "image/png"),
        (".safetensors", "application/octet-stream"),
    ];

    private readonly string _real;

    /// <summary>Serves a folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public RunFiles(string folder)
    {
        Root = Path.GetFullPath(folder);
        if (!Directory.Exists(Root)) throw new DirectoryNotFoundException($"{folder}: there is no such folder; give one that holds runs, such as runs.");
        _real = RealPath(Root, 0) ?? Root;
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>The media type of a file by its name; null where files of that kind are not served.</summary>
    public static string? TypeOf(string name) => s_types.FirstOrDefault(t => name.EndsWith(t.Extension, StringComparison.OrdinalIgnoreCase)).Type;

    /// <summary>The full path of a file or folder.</summary>
    /// <param name="relative">Its path below the root, slashes between; empty for the root.</param>
    /// <returns>Null where there is none, or none that may be seen.</returns>
    public string? Find(string relative)
    {
        string path = Root;
        foreach (string part in relative.Length == 0 ? [] : relative.Split('/'))
        {
            if (part.Length == 0 || part[0] == '.' || part.Any(c => c is '\\' or ':' || char.IsControl(c))) return null;
            path = Path.Combine(path, part);
        }

        if (!Path.Exists(path) || RealPath(path, 0) is not string real) return null;
        return real == _real || real.StartsWith(_real.TrimEnd('/') + "/", StringComparison.Ordinal) ? path : null;
    }

    /// <summary>The path of a file or folder as requests name it.</summary>
    public string Relative(string path)
    {
        string relative = Path.GetRelativePath(Root, path);
        return relative == "." ? "" : relative.Replace(Path.DirectorySeparatorChar, '/');
    }

    // The path with all links followed, those in the middle too; null where they lead in circles.
    private static string? RealPath(string path, int links)
    {
        if (links > MostLinks) return null;
        string real = Path.GetPathRoot(path)!;
        foreach (string part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(real, part);
            string? target = new FileInfo(next).LinkTarget;
            if (target is null)
            {
                real = next;
                continue;
            }

            if (RealPath(Path.GetFullPath(target, real), ++links) is not string followed) return null;
            real = followed;
        }

        return real;
    }
}
