namespace EmotionXai.Engine.Autodiff;

/// <summary>A step that asks its backend for the same at every run, on the same memory, and does nothing else: a device may keep what it asks for.</summary>
internal abstract class SteadyNode : Node
{
    /// <summary>Whether that holds for <see cref="Node.Forward"/>, as it does for <see cref="Node.Backward"/>.</summary>
    public virtual bool IsForwardSteady => true;
}
