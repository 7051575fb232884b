using Xunit;

namespace EmotionXai.Tests;

/// <summary>Real data beside the project, not part of it: tests that need it skip where it is absent.</summary>
internal static class SharedData
{
    /// <summary>The full path of a file or folder below <c>shared/data</c>; skips the test where there is none.</summary>
    internal static string Require(string path) => Find("data/" + path);

    /// <summary>The folder of face models; skips the test where there is none.</summary>
    internal static string RequireModels() => Find("models");

    /// <summary>A video or picture; skips the test where there is none.</summary>
    internal static string RequireVideo(string name) => Find("videos/" + name);

    /// <summary>The full path of a file or folder below <c>shared</c>; null where there is none.</summary>
    internal static string? TryFind(string path)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", path);
            if (Path.Exists(candidate)) return candidate;
        }

        return null;
    }

    private static string Find(string path)
    {
        if (TryFind(path) is string found) return found;
        Assert.Skip($"No shared/{path} in any folder above {AppContext.BaseDirectory}.");
        return "";
    }
}
