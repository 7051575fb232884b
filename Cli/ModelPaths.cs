using EmotionXai.Landmarks.Models;

namespace EmotionXai.Cli;

/// <summary>Tells the models from the clips among the paths that a verb is given.</summary>
internal static class ModelPaths
{
    /// <summary>The models, and the clips if any path names some.</summary>
    /// <exception cref="ArgumentException">No model, or several paths of clips.</exception>
    public static (IReadOnlyList<string> Models, string? Clips) Split(string[] paths, string? clips)
    {
        string[] models = [.. paths.Where(EmotionJudge.IsModel)], others = [.. paths.Where(p => !EmotionJudge.IsModel(p))];
        if (others.Length + (clips is null ? 0 : 1) > 1) throw new ArgumentException($"'{others[^1]}' is no model (.safetensors, or a folder of them), and the clips are '{clips ?? others[0]}' already; give one of the two.");
        if (models.Length == 0) throw new ArgumentException("no model is given; give a .safetensors file of train or reduce, or a folder of them, such as runs/latest/models.");
        return (models, others.FirstOrDefault() ?? clips);
    }
}
