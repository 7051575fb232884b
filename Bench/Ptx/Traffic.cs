namespace EmotionXai.Bench.Ptx;

/// <summary>What the accesses of a kernel cost in memory: sectors of 32 bytes of global, wavefronts of shared memory, instruction by instruction.</summary>
internal sealed class Traffic(int instructions)
{
    private readonly ulong[] _addresses = new ulong[64];

    /// <summary>Accesses of a warp, by instruction.</summary>
    public long[] Accesses { get; } = new long[instructions];

    /// <summary>Bytes that its lanes asked for.</summary>
    public long[] Bytes { get; } = new long[instructions];

    /// <summary>Sectors, or wavefronts.</summary>
    public long[] Parts { get; } = new long[instructions];

    public void Global(int at, ReadOnlySpan<ulong> addresses, int bytes)
    {
        int count = 0;
        foreach (ulong address in addresses)
            for (ulong sector = address / 32; sector <= (address + (ulong)bytes - 1) / 32; sector++)
                if (!_addresses.AsSpan(0, count).Contains(sector)) _addresses[count++] = sector;
        Note(at, addresses.Length * bytes, count);
    }

    /// <summary>32 banks of 4 bytes: a warp's words go out together unless two of them lie in one bank. Wider accesses go half by half or quarter by quarter.</summary>
    public void Shared(int at, ReadOnlySpan<ulong> addresses, int bytes)
    {
        int together = 128 / Math.Max(4, bytes), fronts = 0;
        for (int from = 0; from < addresses.Length; from += together)
        {
            ReadOnlySpan<ulong> part = addresses.Slice(from, Math.Min(together, addresses.Length - from));
            int most = 1;
            for (int bank = 0; bank < 32; bank++)
            {
                int count = 0;
                foreach (ulong address in part)
                    for (int w = 0; w < Math.Max(1, bytes / 4); w++)
                    {
                        ulong word = (address / 4) + (ulong)w;
                        if (word % 32 == (ulong)bank && !_addresses.AsSpan(0, count).Contains(word)) _addresses[count++] = word;
                    }

                most = Math.Max(most, count);
            }

            fronts += most;
        }

        Note(at, addresses.Length * bytes, fronts);
    }

    private void Note(int at, int bytes, int parts)
    {
        Accesses[at]++;
        Bytes[at] += bytes;
        Parts[at] += parts;
    }
}
