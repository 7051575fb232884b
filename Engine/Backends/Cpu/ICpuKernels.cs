using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>The loops of the backend, compiled for one vector width. Lengths are checked by the caller.</summary>
internal unsafe interface ICpuKernels
{
    /// <summary>Elements first to end of y[i] = op(x[i mod |x|]), or of what they are added to.</summary>
    void Map<TOp>(TOp op, Operand x, float* y, int first, int end, bool accumulate)
        where TOp : struct, IUnary;

    void Map<TOp>(TOp op, Operand a, Operand b, float* y, int first, int end, bool accumulate)
        where TOp : struct, IBinary;

    void Map<TOp>(TOp op, Operand a, Operand b, Operand c, float* y, int first, int end, bool accumulate)
        where TOp : struct, ITernary;

    /// <summary>y[i] = scale * sum over e of x[e, i] for some columns, [extent, stride] stored.</summary>
    void SumRows(int extent, int stride, int columns, float* x, float* y, float scale, bool accumulate);

    void SumContiguous(int rows, int extent, float* x, float* y, float scale, bool accumulate);

    float SumOfSquares(float* x, int length);

    /// <param name="product">The extents.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="panels">B's panels, where they are packed already; else null.</param>
    /// <param name="bias">The bias, or null.</param>
    /// <param name="finish">What is done to an element whose sum is complete; <see cref="Identity"/> for nothing.</param>
    /// <param name="c">C.</param>
    /// <param name="patch">The part of C to work out.</param>
    void Multiply<TFinish>(in MatrixProduct product, float* a, float* b, float* panels, float* bias, TFinish finish, float* c, in Patch patch)
        where TFinish : struct, IUnary;

    /// <summary>Whether a product reads B, which is not transposed, from packed panels.</summary>
    bool Packs(in MatrixProduct product);

    /// <summary>A block of the pool for the panels of B.</summary>
    float* RentPanels(int k, int n);

    /// <summary>Packs columns of B, from the first one of a panel on.</summary>
    void Pack(float* b, int k, int n, bool transposed, float* panels, int first, int count);

    /// <summary>Gives the block of <see cref="RentPanels"/> back.</summary>
    void ReturnPanels(float* panels, int k, int n);

    /// <summary>See <see cref="IBackend.RecurrentForward"/>. Without a place for it nothing is kept for a way back.</summary>
    void RecurrentForward(in Recurrence shape, float* projection, float* weights, float* panels, float* candidateBias, float* states, float* saved, int firstClip, int clips);

    void RecurrentBackward(
        in Recurrence shape, float* weights, float* states, float* saved, float* stateGradient, float* projectionGradient, float* recurrentGradient, int firstClip, int clips);

    void IntegratePaths<TSlope>(in RecurrentPaths paths, in PathOperands operands, TSlope slope, int firstPair, int pairs)
        where TSlope : struct, ISlope;

    void IntegrateDensePaths<TFinish, TSlope>(in DensePathOperands paths, TFinish finish, TSlope slope, int firstPair, int pairs)
        where TFinish : struct, IUnary
        where TSlope : struct, ITernary;

    void Adam(in AdamStep step, float* parameter, float* gradient, float* first, float* second, int length);

    /// <summary>See <see cref="IStepsProducts"/>.</summary>
    void Adam(in AdamStep step, in MatrixProduct product, float* a, float* b, float* parameter, float* first, float* second, int firstRow, int rows);

    void SgdMomentum(float rate, float momentum, float decay, float gradientScale, float* parameter, float* gradient, float* velocity, int length);
}

/// <summary>An operand of an elementwise op, repeated as often as the output needs.</summary>
internal readonly unsafe struct Operand(float* data, int length)
{
    public float* Data { get; } = data;

    public int Length { get; } = length;

    /// <summary>Whether it is a single number.</summary>
    public bool IsOne => Length == 1;

    /// <summary>What stands beside element <paramref name="at"/> of the output.</summary>
    public float* From(int at) => Data + (at % Length);
}

/// <summary>The operands of <see cref="IIntegratesPaths.IntegratePaths"/>; null for those that are not there.</summary>
internal readonly unsafe struct PathOperands(
    float* start, float* direction, float* positions, float* weights, in WalkOperands forward, in WalkOperands back, float* dense, float* denseBias, float* readout, float* total)
{
    public float* Start { get; } = start;

    public float* Direction { get; } = direction;

    public float* Positions { get; } = positions;

    public float* Weights { get; } = weights;

    public WalkOperands Forward { get; } = forward;

    public WalkOperands Back { get; } = back;

    public float* Dense { get; } = dense;

    public float* DenseBias { get; } = denseBias;

    public float* Readout { get; } = readout;

    public float* Total { get; } = total;
}

/// <summary>The operands of <see cref="IIntegratesDensePaths.IntegrateDensePaths"/>.</summary>
internal readonly unsafe struct DensePathOperands(
    int steps, int width, bool needsInputs, int layers, DenseOperand* layer, float* start, float* direction, float* positions, float* weights, float* readout, float* total)
{
    public int Steps { get; } = steps;

    public int Width { get; } = width;

    public bool NeedsInputs { get; } = needsInputs;

    /// <summary>How many there are.</summary>
    public int Layers { get; } = layers;

    public DenseOperand* Layer { get; } = layer;

    public float* Start { get; } = start;

    public float* Direction { get; } = direction;

    public float* Positions { get; } = positions;

    public float* Weights { get; } = weights;

    public float* Readout { get; } = readout;

    public float* Total { get; } = total;
}

/// <summary>A dense layer's.</summary>
internal readonly unsafe struct DenseOperand(int inputs, int outputs, float* weight, float* bias)
{
    public int Inputs { get; } = inputs;

    public int Outputs { get; } = outputs;

    public float* Weight { get; } = weight;

    public float* Bias { get; } = bias;
}

/// <summary>The recurrent weights of one direction, and a GRU's bias within the candidate or null.</summary>
internal readonly unsafe struct WalkOperands(float* state, float* candidate)
{
    public float* State { get; } = state;

    public float* Candidate { get; } = candidate;
}

/// <summary>The part of a result that one thread works out; it starts at a panel's first column.</summary>
internal readonly record struct Patch(int FirstRow, int Rows, int FirstColumn, int Columns);
