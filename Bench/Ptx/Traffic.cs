namespace EmotionXai.Bench.Ptx;

/// <summary>What the accesses of a kernel cost in memory: sectors of 32 bytes of global, wavefronts of shared memory, instruction by instruction.</summary>
internal sealed class Traffic(int instructions)
{
    // A warp asks for at most 128 words.
    private readonly ulong[] _words = new ulong[128];

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
                if (!_words.AsSpan(0, count).Contains(sector)) _words[count++] = sector;
        Note(at, addresses.Length * bytes, count);
    }

    /// <summary>32 banks of 4 bytes: a word goes to all lanes that want it at once, words of one bank go one after the other. At least so many wavefronts it takes.</summary>
    public void Shared(int at, ReadOnlySpan<ulong> addresses, int bytes)
    {
        int most = 1;
        for (int bank = 0; bank < 32; bank++)
        {
            int count = 0;
            foreach (ulong address in addresses)
                for (ulong word = address / 4; word < (address + (ulong)bytes + 3) / 4; word++)
                    if (word % 32 == (ulong)bank && !_words.AsSpan(0, count).Contains(word)) _words[count++] = word;
            most = Math.Max(most, count);
        }

        Note(at, addresses.Length * bytes, most);
    }

    private void Note(int at, int bytes, int parts)
    {
        Accesses[at]++;
        Bytes[at] += bytes;
        Parts[at] += parts;
    }
}
