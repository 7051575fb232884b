using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Autodiff;

/// <summary>
/// Memory of a tape that serves one tensor after the other. A tape runs its ops in one order for good, so what a tensor held before its
/// last reader ran may hold a later one from then on, in every run alike.
/// </summary>
internal sealed class Room(TensorScope scope)
{
    private readonly List<Storage> _all = [], _free = [];

    /// <summary>How many buffers it has rented.</summary>
    public int Count => _all.Count;

    /// <summary>A place for so many elements: the smallest free one that holds them, else a new one.</summary>
    public Slice Take(int length)
    {
        int best = -1;
        for (int i = 0; i < _free.Count; i++)
            if (_free[i].Length >= length && (best < 0 || _free[i].Length < _free[best].Length)) best = i;
        if (best < 0)
        {
            Slice fresh = scope.Rent(length);
            _all.Add(fresh.Storage);
            return fresh;
        }

        Storage storage = _free[best];
        _free.RemoveAt(best);
        return new Slice(storage, 0, length);
    }

    /// <summary>From now on another tensor may take it.</summary>
    public void Give(Storage storage)
    {
        if (!_free.Contains(storage)) _free.Add(storage);
    }

    /// <summary>Gives back what was rented from the number <paramref name="first"/> on, but for one.</summary>
    public void GiveFrom(int first, Storage? kept)
    {
        for (int i = first; i < _all.Count; i++)
            if (!ReferenceEquals(_all[i], kept)) Give(_all[i]);
    }
}
