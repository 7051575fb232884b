namespace EmotionXai.Bench.Ptx;

/// <summary>
/// A group's shared memory, word by word, with who wrote and who read each word since the last barrier. Two threads that touch a
/// word with no barrier between, one of them writing, race; inside a warp a warp's barrier is enough.
/// </summary>
internal sealed class SharedMemory(int bytes)
{
    private const int Several = -1;

    private readonly uint[] _words = new uint[(bytes + 3) / 4];
    private readonly Word[] _traces = new Word[(bytes + 3) / 4];
    private int _time = 1;

    public int Bytes { get; } = bytes;

    /// <summary>A group begins: nothing is written.</summary>
    public void Clear()
    {
        _traces.AsSpan().Clear();
        _time = 1;
    }

    /// <summary>All threads have met.</summary>
    public void Barrier() => _time++;

    /// <summary>Reads a word; what is wrong with that, or null.</summary>
    public (Wrong Kind, string Detail)? Read(int at, int thread, int warpTime, out uint value)
    {
        value = _words[at];
        ref Word word = ref _traces[at];
        (Wrong, string)? wrong = null;
        if (word.Coming != 0) wrong = (Wrong.Race, $"read of word {at} while thread {word.Coming - 1}'s copy is on its way");
        else if (!word.Written) wrong = (Wrong.NeverWritten, $"word {at} of shared memory");
        else if (Behind(word, thread, warpTime)) wrong = (Wrong.Race, $"read of word {at}, which thread {word.Writer} wrote with no barrier between");
        Note(ref word, thread, warpTime);
        return wrong;
    }

    /// <summary>Writes a word; what is wrong with that, or null.</summary>
    public (Wrong Kind, string Detail)? Write(int at, int thread, int warpTime, uint value)
    {
        (Wrong, string)? wrong = Claim(at, thread, warpTime);
        _words[at] = value;
        return wrong;
    }

    /// <summary>A copy to a word begins, which arrives only when its thread waits for it.</summary>
    public (Wrong Kind, string Detail)? Begin(int at, int thread, int warpTime)
    {
        (Wrong, string)? wrong = Claim(at, thread, warpTime);
        _traces[at].Coming = thread + 1;
        return wrong;
    }

    /// <summary>The copy has arrived, for its own thread; others need a barrier.</summary>
    public void Arrive(int at, int thread, int warpTime, uint value)
    {
        ref Word word = ref _traces[at];
        (word.Writer, word.WriteTime, word.WriteWarpTime, word.Written, word.Coming) = (thread, _time, warpTime, true, 0);
        _words[at] = value;
    }

    private (Wrong, string)? Claim(int at, int thread, int warpTime)
    {
        ref Word word = ref _traces[at];
        (Wrong, string)? wrong = null;
        if (word.Coming != 0) wrong = (Wrong.Race, $"write of word {at} while thread {word.Coming - 1}'s copy is on its way");
        else if (word.Written && Behind(word, thread, warpTime)) wrong = (Wrong.Race, $"write of word {at}, which thread {word.Writer} wrote with no barrier between");
        else if (IsRead(word, thread, warpTime)) wrong = (Wrong.Race, $"write of word {at}, which {(word.Reader < 0 ? "others" : $"thread {word.Reader}")} read with no barrier between");
        (word.Writer, word.WriteTime, word.WriteWarpTime, word.Written) = (thread, _time, warpTime, true);
        return wrong;
    }

    // Another thread wrote the word, and nothing orders that before now.
    private bool Behind(in Word word, int thread, int warpTime) =>
        word.WriteTime == _time && word.Writer != thread && !(word.Writer / 32 == thread / 32 && word.WriteWarpTime < warpTime);

    private bool IsRead(in Word word, int thread, int warpTime)
    {
        if (word.ReadTime != _time || word.Reader == thread) return false;
        if (word.Reader == Several) return true;
        int warp = word.Reader < 0 ? -2 - word.Reader : word.Reader / 32;
        return warp != thread / 32 || word.ReadWarpTime == warpTime;
    }

    // One reader, or several of one warp (-2 - warp), or several of several warps.
    private void Note(ref Word word, int thread, int warpTime)
    {
        int warp = thread / 32;
        if (word.ReadTime != _time) word.Reader = thread;
        else if (word.Reader == Several) return;
        else if (warp != (word.Reader < 0 ? -2 - word.Reader : word.Reader / 32)) word.Reader = Several;
        else if (word.ReadWarpTime != warpTime) word.Reader = thread;
        else if (word.Reader != thread) word.Reader = -2 - warp;
        word.ReadTime = _time;
        word.ReadWarpTime = warpTime;
    }

    private struct Word
    {
        public int Writer, WriteTime, WriteWarpTime, Reader, ReadTime, ReadWarpTime, Coming;
        public bool Written;
    }
}
