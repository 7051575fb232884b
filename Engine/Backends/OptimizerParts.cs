namespace EmotionXai.Engine.Backends;

/// <summary>One parameter's part of a step of Adam over several.</summary>
/// <param name="Step">The step; its factor on the gradient counts beside the common one.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Gradient">Its gradient.</param>
/// <param name="FirstMoment">Its first moment.</param>
/// <param name="SecondMoment">Its second moment.</param>
public readonly record struct AdamPart(AdamStep Step, Slice Parameter, Slice Gradient, Slice FirstMoment, Slice SecondMoment);

/// <summary>One parameter's part of a step of gradient descent over several.</summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Momentum">How much of the velocity stays.</param>
/// <param name="Decay">Weight decay.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Gradient">Its gradient.</param>
/// <param name="Velocity">Its velocity.</param>
public readonly record struct SgdPart(double Rate, double Momentum, double Decay, Slice Parameter, Slice Gradient, Slice Velocity);
