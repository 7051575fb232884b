namespace EmotionXai.Bench.Ptx;

/// <summary>
/// The arrays that a launch was given, each at addresses of its own: the number of the array in the upper bits, the byte in it in
/// the lower ones. An address outside its array is thus never one of another.
/// </summary>
internal sealed unsafe class GlobalMemory
{
    /// <summary>What a word holds that nothing wrote: a NaN that no arithmetic makes.</summary>
    public const uint Unwritten = 0x7FBADBAD;

    private const int Shift = 40;

    private readonly List<(nint Pointer, int Lead, long Bytes)> _arrays = [];

    public void Clear() => _arrays.Clear();

    /// <summary>The address of an array, aligned as its memory is: to 16 bytes, the most that an access asks for, or less.</summary>
    public ulong Add(nint pointer, long bytes)
    {
        int lead = (int)(pointer % 16), known = _arrays.IndexOf((pointer, lead, bytes));
        if (known < 0)
        {
            known = _arrays.Count;
            _arrays.Add((pointer, lead, bytes));
        }

        return ((ulong)(known + 1) << Shift) + (ulong)lead;
    }

    /// <summary>Where an access lies; null and the reason where it is outside.</summary>
    public uint* At(ulong address, int bytes, out string? wrong)
    {
        long index = (long)(address >> Shift) - 1, at = (long)(address & ((1UL << Shift) - 1));
        if ((ulong)index >= (ulong)_arrays.Count)
        {
            wrong = $"address {address:x} is in no array of the launch";
            return null;
        }

        (nint pointer, int lead, long size) = _arrays[(int)index];
        at -= lead;
        if (at < 0 || at + bytes > size)
        {
            // Far below the start the number of the array has changed too; near it the distance tells.
            wrong = $"byte {at} of array {index}, which has {size}";
            return null;
        }

        wrong = null;
        return (uint*)(pointer + (nint)at);
    }
}
