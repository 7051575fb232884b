namespace EmotionXai.Engine.Backends;

/// <summary>
/// Adam (Kingma and Ba 2015): g = gradient * gradientScale (+ decay * p unless decoupled); m = b1 m + (1 - b1) g;
/// v = b2 v + (1 - b2) g^2; p -= rate * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon).
/// AdamW (Loshchilov and Hutter 2019), when decoupled: first p -= rate * decay * p, and decay stays out of g.
/// </summary>
/// <param name="Rate">The learning rate of this step.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="Decay">Weight decay.</param>
/// <param name="Decoupled">AdamW rather than Adam with an L2 penalty.</param>
/// <param name="GradientScale">A factor on the gradient: gradient-norm clipping.</param>
/// <param name="Time">t, from 1.</param>
public readonly record struct AdamStep(
    double Rate, double Beta1, double Beta2, double Epsilon, double Decay, bool Decoupled, double GradientScale, int Time);
