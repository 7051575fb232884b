using EmotionXai.Engine.Backends;

namespace EmotionXai.Engine.Autodiff;

/// <summary>An optimiser that may step along a gradient while it is worked out.</summary>
internal interface IStepsAlong
{
    /// <summary>Steps along op(A) op(B), or returns false and does nothing: then the gradient goes into the parameter.</summary>
    bool StepAlong(Parameter parameter, in MatrixProduct product, Slice a, Slice b);
}
