using System.Reflection;

namespace EmotionXai.Landmarks;

/// <summary>The version of this program.</summary>
public static class ProgramVersion
{
    /// <summary>The version, with the commit it was built from where that is known.</summary>
    public static string Text { get; } = typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? typeof(ProgramVersion).Assembly.GetName().Version!.ToString(3);
}
