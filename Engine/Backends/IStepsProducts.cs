namespace EmotionXai.Engine.Backends;

/// <summary>
/// A backend that may step along a gradient which is a product, as that of a dense layer's weights, while some rows of it are in a core's
/// caches: the gradient as a whole is never written.
/// </summary>
internal interface IStepsProducts
{
    /// <summary>Whether it does for this product; else the product is worked out and stepped along afterwards.</summary>
    bool StepsAlong(in MatrixProduct product);

    /// <summary>One step of Adam along op(A) op(B), bit for bit the product and then <see cref="IBackend.Adam(in AdamStep, Slice, Slice, Slice, Slice)"/>.</summary>
    /// <param name="step">Its constants.</param>
    /// <param name="product">The gradient [m, n]; it replaces.</param>
    /// <param name="a">A as stored.</param>
    /// <param name="b">B as stored.</param>
    /// <param name="parameter">[m, n]; no part of A or B.</param>
    /// <param name="firstMoment">[m, n].</param>
    /// <param name="secondMoment">[m, n].</param>
    void Adam(in AdamStep step, in MatrixProduct product, Slice a, Slice b, Slice parameter, Slice firstMoment, Slice secondMoment);
}
