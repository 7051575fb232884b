using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>
/// The clips of an epoch on their way into batches. Where the backend's memory is a device's and holds them, they are uploaded once,
/// the order once an epoch, and the device picks the rows; otherwise the host copies each batch in.
/// </summary>
internal sealed class EpochBatches : IDisposable
{
    private readonly ClipData _data;
    private readonly TensorScope? _scope;
    private readonly Slice _clips, _targets, _order;
    private float[]? _rows;
    private int[] _indices = [];

    /// <summary>Batches of these clips.</summary>
    /// <param name="backend">Where batches are worked on.</param>
    /// <param name="data">The clips.</param>
    public EpochBatches(IBackend backend, ClipData data)
    {
        _data = data;
        long clips = (long)data.Count * data.Clips.Length;
        if (data.Clips.Length == 0 || data.Count > RowTable.MostRows || clips + data.Targets.Length > backend.Batches.Resident || clips > int.MaxValue / 2) return;
        TensorScope scope = new(backend);
        IWaitsForRoom? waiting = backend as IWaitsForRoom;
        bool waits = waiting?.WaitsForRoom ?? false;
        try
        {
            // Nobody need wait for what is no more than comfort.
            if (waiting is not null) waiting.WaitsForRoom = false;
            (_clips, _targets, _order) = (scope.Rent((int)clips), scope.Rent(data.Targets.Length), scope.Rent(data.Count));
        }
        catch (EngineException e) when (e.Fits > 0)
        {
            // Batch by batch they will do.
            scope.Dispose();
            return;
        }
        finally
        {
            if (waiting is not null) waiting.WaitsForRoom = waits;
        }

        (_scope, _rows) = (scope, new float[data.Count]);
        float[] room = new float[data.Clips.Length];
        for (int clip = 0; clip < data.Count; clip++) backend.Write(data.Clips.Of(clip, room), _clips.Part(clip * room.Length, room.Length));
        backend.Write(data.Targets, _targets);
    }

    /// <summary>Whether the clips are on the device.</summary>
    public bool AreResident => _rows is not null;

    /// <summary>Begins an epoch.</summary>
    /// <param name="order">[clip]: which clip comes when; it stays as it is until the next epoch begins.</param>
    public void Begin(int[] order)
    {
        _indices = order;
        if (_rows is null) return;
        for (int i = 0; i < order.Length; i++) _rows[i] = order[i];
        _scope!.Backend.Write(_rows, _order);
    }

    /// <summary>Puts the clips from place <paramref name="at"/> of the order on into a batch.</summary>
    public void Load(BatchTape batch, int at)
    {
        if (_rows is null) batch.Load(_data, _indices.AsSpan(at, batch.Count));
        else batch.Load(_clips, _targets, _order.Part(at, batch.Count));
    }

    /// <summary>Gives the device's memory back; the host goes on. Whether there was any.</summary>
    public bool Release()
    {
        if (_rows is null) return false;
        _rows = null;
        _scope!.Dispose();
        return true;
    }

    public void Dispose() => _scope?.Dispose();
}
