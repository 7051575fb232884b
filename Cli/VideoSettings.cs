using System.CommandLine;

namespace EmotionXai.Cli;

/// <summary>The option that says where the face models lie, shared by every verb that may look at pictures.</summary>
internal static class FaceModelSetting
{
    public static Option<string> Create() =>
        Setting.Text("--models", "Folder of the face models. By default EMOTIONXAI_MODELS, else the cache that 'models fetch' fills.");
}
