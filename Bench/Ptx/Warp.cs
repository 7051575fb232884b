using System.Numerics;

namespace EmotionXai.Bench.Ptx;

/// <summary>
/// 32 threads that run in step where they are at the same instruction. Where they part, those that are furthest behind go first, until
/// the others are reached.
/// </summary>
internal sealed unsafe class Warp
{
    private readonly GroupRun _group;
    private readonly int[] _at = new int[32];
    private readonly uint _threads;
    private uint _done, _atBarrier, _atMeeting;
    private bool _last;

    public Warp(GroupRun group, int index, uint* registers, uint* lanes, int threads)
    {
        _group = group;
        Index = index;
        Registers = registers;
        Lanes = lanes;
        _threads = threads >= 32 ? uint.MaxValue : (1u << threads) - 1;
    }

    public int Index { get; }

    /// <summary>32 words a register, lane by lane; 64 where it is wide; one word of bits where it is a predicate.</summary>
    public uint* Registers { get; }

    /// <summary>All ones for every lane that takes part, zero for the others.</summary>
    public uint* Lanes { get; }

    public GroupRun Group => _group;

    /// <summary>The lanes that take part in the instruction that runs.</summary>
    public uint Active { get; private set; }

    /// <summary>The lanes that hold a thread.</summary>
    public uint Threads => _threads;

    /// <summary>The instruction that runs.</summary>
    public int Current { get; private set; }

    /// <summary>The instruction behind it; a jump of all lanes changes it.</summary>
    public int Next { get; set; }

    /// <summary>Whether the lanes have parted, or wait, and each has been told where to go on.</summary>
    public bool Parted { get; private set; }

    /// <summary>Grows with each meeting of the warp, which orders what its lanes do in shared memory.</summary>
    public int Time { get; private set; }

    public bool Done => _done == _threads;

    public bool Waits => !Done && (_done | _atBarrier) == _threads;

    /// <summary>Lanes that have ended while others wait at a barrier.</summary>
    public uint Ended => _done;

    /// <summary>The barrier that the first waiting lane is at.</summary>
    public int Barrier => _at[BitOperations.TrailingZeroCount(_atBarrier)] - 1;

    /// <summary>A lane that waits at another barrier than this; -1 for none.</summary>
    public int OtherBarrier(int barrier)
    {
        for (uint left = _atBarrier; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            if (_at[lane] != barrier + 1) return lane;
        }

        return -1;
    }

    public void Begin()
    {
        _done = _atBarrier = _atMeeting = 0;
        Time = 0;
        Place(_threads, 0);
    }

    public void Select(uint lanes)
    {
        Active = lanes;
        for (int i = 0; i < 32; i++) Lanes[i] = (uint)-(int)((lanes >> i) & 1);
    }

    /// <summary>Lanes go on at another instruction than the others.</summary>
    public void Place(uint lanes, int at)
    {
        for (; lanes != 0; lanes &= lanes - 1) _at[BitOperations.TrailingZeroCount(lanes)] = at;
        Parted = true;
    }

    public void Exit()
    {
        _done |= Active;
        Parted = true;
    }

    public void WaitForGroup()
    {
        Place(Active, Next);
        _atBarrier |= Active;
    }

    /// <summary>All threads of the group have come.</summary>
    public void Release() => _atBarrier = 0;

    /// <summary>Whether all these lanes are here; if not, those that are wait for the others.</summary>
    public bool Meet(uint members)
    {
        members &= _threads;
        uint missing = members & ~Active;
        if (missing != 0 && !_last)
        {
            _group.Program.Counts[Current]--;
            Place(Active, Current);
            _atMeeting |= Active;
            return false;
        }

        if (missing != 0) Report(Wrong.MissingLane, BitOperations.TrailingZeroCount(missing), $"lanes {missing:x8} of the warp never come here");
        Time++;
        return true;
    }

    /// <summary>Runs until every lane has ended or waits for the group.</summary>
    public void Run()
    {
        Step[] steps = _group.Program.Steps;
        long[] counts = _group.Program.Counts;
        int[] order = _group.Program.Order;
        while (true)
        {
            uint ready = _threads & ~(_done | _atBarrier | _atMeeting);
            _last = ready == 0;
            if (_last)
            {
                // Nobody else can come: either all are here, or the rest never will.
                ready = _atMeeting;
                if (ready == 0) return;
            }

            int at = First(ready);
            uint here = At(at, ready);
            int others = ready == here || _last ? int.MaxValue : order[First(ready & ~here)];
            _atMeeting &= ~here;
            Select(here);
            Next = at;
            Parted = false;
            do
            {
                Current = Next;
                counts[Current]++;
                Next = Current + 1;
                steps[Current].Run(this);
            }
            while (!Parted && order[Next] < others && --_group.Budget > 0);
            if (_group.Budget <= 0) return;
            if (!Parted) Place(here, Next);
        }
    }

    public void Report(Wrong kind, int lane, string detail) => _group.Report(kind, Current, (32 * Index) + lane, detail);

    private int First(uint lanes)
    {
        int[] order = _group.Program.Order;
        int first = _at[BitOperations.TrailingZeroCount(lanes)];
        for (; lanes != 0; lanes &= lanes - 1)
        {
            int at = _at[BitOperations.TrailingZeroCount(lanes)];
            if (order[at] < order[first]) first = at;
        }

        return first;
    }

    private uint At(int at, uint lanes)
    {
        uint here = 0;
        for (; lanes != 0; lanes &= lanes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(lanes);
            if (_at[lane] == at) here |= 1u << lane;
        }

        return here;
    }
}
