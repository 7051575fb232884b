namespace EmotionXai.Landmarks.Video;

/// <summary>The user's folder for what can be made or fetched again.</summary>
public static class CacheFolder
{
    /// <summary>The variable that moves the folder.</summary>
    public const string Variable = "EMOTIONXAI_CACHE";

    /// <summary>A folder in it: below <c>EMOTIONXAI_CACHE</c>, else <c>XDG_CACHE_HOME/emotionxai</c>, else <c>~/.cache/emotionxai</c>. It need not exist.</summary>
    public static string Of(string name)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } own) return Path.Combine(own, name);
        string root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");
        return Path.Combine(root, "emotionxai", name);
    }
}
