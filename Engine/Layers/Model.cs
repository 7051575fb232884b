using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Serialization;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>
/// A network of clips [time, features] with any number of outputs: layers in a row that end in one vector a clip. What the
/// outputs mean is the loss's affair: logits of classes, numbers of a regression.
/// </summary>
public class Model : IDisposable
{
    private readonly Layer[] _layers;
    private readonly bool _owns;

    /// <summary>A model from its layers, which it owns from here on.</summary>
    /// <param name="backend">Where the parameters live.</param>
    /// <param name="time">Steps of a clip.</param>
    /// <param name="features">Features a step.</param>
    /// <param name="layers">The layers; the last one's output is one vector a clip.</param>
    /// <exception cref="ArgumentException">There is no layer, or the last one does not end in a vector.</exception>
    public Model(IBackend backend, int time, int features, params IReadOnlyList<Layer> layers)
        : this(backend, time, features, layers, owns: true)
    {
    }

    private protected Model(IBackend backend, int time, int features, IReadOnlyList<Layer> layers, bool owns)
    {
        if (layers.Count == 0) throw new ArgumentException("A model has at least one layer.", nameof(layers));
        (Backend, Time, Features, _layers, _owns) = (backend, time, features, [.. layers], owns);
        Shape shape = new(time, features);
        foreach (Layer layer in _layers)
        {
            MultiplyAdds += layer.MultiplyAdds(shape);
            shape = layer.OutputShape(shape);
        }

        if (shape.Rank > 1) throw new ArgumentException($"The last layer gives {shape}, but a model ends in one vector a clip; pool over time before the last layers.", nameof(layers));
        Outputs = shape.Length;
        Parameters = [.. _layers.SelectMany(l => l.Parameters)];
    }

    /// <summary>Where the parameters live.</summary>
    public IBackend Backend { get; }

    /// <summary>Steps of a clip.</summary>
    public int Time { get; }

    /// <summary>Features a step.</summary>
    public int Features { get; }

    /// <summary>Numbers that it gives for a clip.</summary>
    public int Outputs { get; }

    /// <summary>The layers, in order.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>All parameters, in a fixed order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Numbers that training sets.</summary>
    public long ParameterCount => Parameters.Where(p => !p.Frozen).Sum(p => (long)p.Value.Shape.Length);

    /// <summary>Numbers that a stored model holds: frozen ones too.</summary>
    public long StoredCount => Parameters.Sum(p => (long)p.Value.Shape.Length);

    /// <summary>Multiply-adds of the products for one clip.</summary>
    public long MultiplyAdds { get; }

    /// <summary>Whether the stem is affine by construction.</summary>
    internal bool StemIsKnown => _layers[0].StemIsKnown;

    /// <summary>The part that is affine in the clips.</summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="clips">[batch, time, features].</param>
    public Tensor Stem(Tape tape, Tensor clips)
    {
        Check(clips);
        return _layers[0].Stem(tape, clips);
    }

    /// <summary>All the rest: from the stem's output to the outputs, [batch, outputs].</summary>
    public Tensor Body(Tape tape, Tensor stem)
    {
        int mark = tape.Mark;
        return Rest(tape, mark, _layers[0].Body(tape, stem));
    }

    /// <summary>The outputs of clips, [batch, outputs].</summary>
    public Tensor Apply(Tape tape, Tensor clips)
    {
        Check(clips);
        int mark = tape.Mark;
        Tensor x = _layers[0].Apply(tape, clips);
        if (!clips.TracksGradient) tape.Retire(mark, x);
        return Rest(tape, mark, x);
    }

    /// <summary>
    /// One output as a model of its own, which shares this model's parameters and lives no longer: what attribution methods
    /// explain. Its gradients are those of that output alone.
    /// </summary>
    /// <param name="output">Which, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    public Classifier Output(int output)
    {
        if (output < 0 || output >= Outputs) Throw.OutOfRange(nameof(Output), nameof(output), output, $"from 0 to {Outputs - 1}");
        return new Classifier(this, [.. _layers, new Pick(output)]);
    }

    /// <summary>Writes the parameters as safetensors, under their names.</summary>
    /// <param name="path">The file; written whole or not at all.</param>
    /// <param name="metadata">What a reader needs to build the same layers again; null for none.</param>
    /// <exception cref="ArgumentException">Two parameters have the same name.</exception>
    public void Save(string path, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafeTensors.Write(path, [.. Parameters.Select(p => new NamedTensor(p.Name, Extents(p), p.Value.ToArray()))], metadata ?? new Dictionary<string, string>());

    /// <summary>Reads parameters that <see cref="Save"/> wrote into a model of the same layers. A file that does not fit changes nothing.</summary>
    /// <returns>The metadata.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no safetensors file, or its names or shapes are not this model's.</exception>
    public IReadOnlyDictionary<string, string> Load(string path)
    {
        (IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata) = SafeTensors.Read(path);
        Dictionary<string, NamedTensor> byName = tensors.ToDictionary(t => t.Name);
        foreach (Parameter parameter in Parameters)
        {
            if (!byName.TryGetValue(parameter.Name, out NamedTensor? tensor))
                throw new InvalidDataException($"{path}: it lacks the parameter '{parameter.Name}'; it is a model of other layers.");
            if (!tensor.Extents.SequenceEqual(Extents(parameter)))
                throw new InvalidDataException($"{path}: parameter '{parameter.Name}' is [{string.Join(", ", tensor.Extents)}], this model's {parameter.Value.Shape}; build the model with the layers that were saved.");
        }

        if (tensors.FirstOrDefault(t => Parameters.All(p => p.Name != t.Name)) is { } extra)
            throw new InvalidDataException($"{path}: it holds '{extra.Name}', which this model lacks; it is a model of other layers.");
        foreach (Parameter parameter in Parameters) parameter.Value.CopyFrom(byName[parameter.Name].Values);
        return metadata;
    }

    /// <summary>Gives the parameters' memory back.</summary>
    public void Dispose()
    {
        if (_owns)
            foreach (Layer layer in _layers) layer.Dispose();
        GC.SuppressFinalize(this);
    }

    // Layers stand in a row: once one is recorded nobody reads what stands before its result.
    private Tensor Rest(Tape tape, int mark, Tensor x)
    {
        for (int i = 1; i < _layers.Length; i++)
        {
            bool tracked = x.TracksGradient;
            x = _layers[i].Apply(tape, x);
            if (!tracked) tape.Retire(mark, x);
        }

        return x;
    }

    private void Check(Tensor clips)
    {
        if (clips.Shape.Rank != 3 || clips.Shape[1] != Time || clips.Shape[2] != Features)
            ShapeError.BadShape(GetType().Name, $"clips are [batch, {Time}, {Features}]", clips.Shape);
    }

    private static int[] Extents(Parameter parameter)
    {
        int[] extents = new int[parameter.Value.Shape.Rank];
        parameter.Value.Shape.CopyTo(extents);
        return extents;
    }

    /// <summary>One column of [batch, outputs].</summary>
    internal sealed class Pick(int output) : Layer
    {
        public int Output => output;

        public override Tensor Body(Tape tape, Tensor stem) => tape.Slice(tape.Reshape(stem, new Shape(stem.Shape[0], stem.Shape[0] == 0 ? 1 + output : stem.Shape.Length / stem.Shape[0])), 1, output, 1);

        public override Shape OutputShape(Shape input) => new(1);
    }
}
