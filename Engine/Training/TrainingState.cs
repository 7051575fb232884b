using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;

namespace EmotionXai.Engine.Training;

/// <summary>
/// What a training run holds between two epochs: parameters, the optimiser's moments and steps, how far dropout has read its random
/// numbers, the parameters of the best epoch, the losses. Numbers are float64, which holds those of every backend. The order of clips is a
/// function of seed and epoch, and the learning rate one of the step, so neither is kept.
/// </summary>
internal sealed class TrainingState(Model model, Optimizer optimizer, BestParameters best)
{
    private readonly RandomCursor[] _cursors = [.. model.Layers.SelectMany(l => l.Cursors)];

    public byte[] Write(int step, IReadOnlyList<double> losses, IReadOnlyList<double> validationLosses)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(step);
        writer.Write(losses.Count);
        writer.Write(validationLosses.Count);
        foreach (double loss in losses.Concat(validationLosses)) writer.Write(loss);
        foreach (RandomCursor cursor in _cursors) writer.Write(cursor.Position);
        foreach (int steps in optimizer.Steps) writer.Write(steps);
        writer.Write(best.Epoch);
        writer.Write(best.Since);
        writer.Write(best.Loss);
        foreach (Slice slice in Slices())
        {
            double[] values = new double[slice.Length];
            model.Backend.Read(slice, values);
            foreach (double value in values) writer.Write(value);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Puts a state back and returns the step.</summary>
    /// <exception cref="InvalidDataException">It is the state of another model or optimiser; nothing has changed.</exception>
    public int Read(byte[] state, List<double> losses, List<double> validationLosses)
    {
        const int Head = 3 * sizeof(int);
        int empty = Write(0, [], []).Length;
        using BinaryReader reader = new(new MemoryStream(state));
        (int step, int epochs, int validations) = state.Length < Head ? (0, -1, 0) : (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        if (epochs < 0 || validations < 0 || state.LongLength != empty + (((long)epochs + validations) * sizeof(double)))
            throw new InvalidDataException("The state of a training run is of another model or optimiser; train from the start.");
        for (int i = 0; i < epochs; i++) losses.Add(reader.ReadDouble());
        for (int i = 0; i < validations; i++) validationLosses.Add(reader.ReadDouble());
        foreach (RandomCursor cursor in _cursors) cursor.Position = reader.ReadUInt64();
        for (int i = 0; i < optimizer.Steps.Length; i++) optimizer.Steps[i] = reader.ReadInt32();
        (best.Epoch, best.Since, best.Loss) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble());
        foreach (Slice slice in Slices())
        {
            double[] values = new double[slice.Length];
            for (int i = 0; i < values.Length; i++) values[i] = reader.ReadDouble();
            model.Backend.Write(values, slice);
        }

        return step;
    }

    private IEnumerable<Slice> Slices() => [.. model.Parameters.Where(p => !p.Frozen).Select(p => p.Value.Data), .. optimizer.States, .. best.Copies];
}
