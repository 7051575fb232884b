
namespace EmotionXai.Engine.Backends.Cpu;

public sealed unsafe partial class CpuBackend : ISealsWeights
{
    private int _packed;

    /// <summary>Sealed weights whose panels are packed now.</summary>
    internal int PackedWeights => Root._packed;

    /// <inheritdoc/>
    void ISealsWeights.Seal(Slice weights, int rows, int columns)
    {
        Open(nameof(ISealsWeights.Seal), nameof(weights), weights, (long)rows * columns);
        if (rows > 0 && columns > 0) Own(nameof(ISealsWeights.Seal), weights.Storage).Sealed = new SealedWeights(rows, columns);
    }

    // The panels of sealed weights, packed the first time that they are wanted; null for weights that may change.
    private float* Panels(Slice weights, int rows, int columns, float* data)
    {
        if (((CpuStorage)weights.Storage).Sealed is not { } sealedWeights || weights.Offset != 0 || sealedWeights.Rows != rows || sealedWeights.Columns != columns) return null;
        if (sealedWeights.Panels != null) return sealedWeights.Panels;
        float* panels = _kernels.RentPanels(rows, columns);
        _kernels.Pack(data, rows, columns, false, panels, 0, columns);
        if (sealedWeights.TryTake(panels)) Interlocked.Increment(ref Root._packed);
        else _kernels.ReturnPanels(panels, rows, columns);
        return sealedWeights.Panels;
    }

    private void Unpack(CpuStorage storage)
    {
        if (storage.Sealed is not { } sealedWeights || sealedWeights.Panels == null) return;
        _kernels.ReturnPanels(sealedWeights.Panels, sealedWeights.Rows, sealedWeights.Columns);
        Interlocked.Decrement(ref Root._packed);
    }
}
