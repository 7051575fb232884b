namespace EmotionXai.Engine.Numerics;

/// <summary>The derivative of a formula of one operand.</summary>
internal interface ISlope
{
    /// <summary>dy/dx at x.</summary>
    TReal At<TReal>(TReal x)
        where TReal : struct, IReal<TReal>;
}
