namespace EmotionXai.Bench.Ptx;

/// <summary>What a multiprocessor does at most, a quarter of it (a scheduler with its own units) in a cycle.</summary>
/// <param name="Name">The architecture.</param>
/// <param name="Single">Cycles that a warp's float32 operation keeps the unit busy.</param>
/// <param name="Integer">The same of an integer operation.</param>
/// <param name="Tensor">The same of a product m16n8k8 of tf32 or m16n8k16 of bf16, dense.</param>
internal sealed record Scheduler(string Name, double Single, double Integer, double Tensor)
{
    /// <summary>Cycles of a wavefront: shared memory gives a multiprocessor 128 bytes a cycle, for all four schedulers.</summary>
    public const double Wavefront = 4;

    /// <summary>A100: 16 lanes of float32 and of int32, 512 multiply-adds of tf32 a cycle and multiprocessor. H100: 32, 16 and 1,024.</summary>
    public static IReadOnlyList<Scheduler> All { get; } = [new("sm_80", 2, 2, 8), new("sm_90", 1, 2, 4)];
}

/// <summary>What bounds a loop on an architecture: the part of its arithmetic's peak that the busiest resource leaves.</summary>
internal sealed record Bound(string Architecture, double Share, string By);

/// <summary>
/// What a kernel's launches came to, instruction by instruction, summed by kind, in its innermost loops and outside. Moves and address
/// arithmetic are counted apart: an assembler removes most of them.
/// </summary>
internal sealed class KernelProfile
{
    private readonly PtxProgram _program;
    private readonly Traffic _traffic;
    private readonly Kind[] _kinds;
    private readonly HashSet<int> _inner;

    public KernelProfile(PtxProgram program, Traffic traffic)
    {
        (_program, _traffic) = (program, traffic);
        _kinds = Kinds.Of(program.Text);
        _inner = [.. program.Loops.Where(loop => loop.IsInnermost).SelectMany(loop => loop.Body)];
    }

    /// <summary>Instructions of warps of a kind, in innermost loops and elsewhere.</summary>
    public (long Inside, long Outside) Count(Kind kind)
    {
        long inside = 0, outside = 0;
        for (int i = 0; i < _kinds.Length; i++)
        {
            if (_kinds[i] != kind) continue;
            if (_inner.Contains(i)) inside += _program.Counts[i];
            else outside += _program.Counts[i];
        }

        return (inside, outside);
    }

    public long All(Kind kind) => Count(kind) is var (inside, outside) ? inside + outside : 0;

    public long Barriers => Total(i => _program.Text.Statements[i].Name[0] is "bar" or "barrier" && !_program.Text.Statements[i].Name.Contains("warp"), i => _program.Counts[i]);

    /// <summary>Instructions that take a place of a scheduler: all but moves, addresses and what is merged.</summary>
    public long Issued => Total(i => _kinds[i] is not (Kind.Move or Kind.Address or Kind.Merged), i => _program.Counts[i]);

    /// <summary>Multiply-adds of all lanes, of float32 and of tensor products.</summary>
    public double Arithmetic
    {
        get
        {
            long words = Total(i => _kinds[i] == Kind.Tensor && _program.Text.Statements[i].Name.Contains("bf16"), i => _program.Counts[i]);
            return (32.0 * All(Kind.MultiplyAdd)) + (1024.0 * (All(Kind.Tensor) + words));
        }
    }

    /// <summary>Accesses of warps, bytes of their lanes, sectors (global) or wavefronts (shared), of loads or stores.</summary>
    public (long Accesses, long Bytes, long Parts) Memory(Kind kind, bool stores)
    {
        bool Belongs(int i) => _kinds[i] == kind && _program.Text.Statements[i].Name[0] == "st" == stores;
        return (Total(Belongs, i => _traffic.Accesses[i]), Total(Belongs, i => _traffic.Bytes[i]), Total(Belongs, i => _traffic.Parts[i]));
    }

    /// <summary>
    /// The part of the peak of its arithmetic that the kernel can reach if a scheduler issues every cycle and no latency shows: the time
    /// of the arithmetic at its peak over the time of the busiest of issue slots, float32, integer and tensor units, shared memory.
    /// </summary>
    public Bound On(Scheduler scheduler)
    {
        double fused = All(Kind.MultiplyAdd) * scheduler.Single, tensor = All(Kind.Tensor) * scheduler.Tensor;
        (string Name, double Cycles)[] busy =
        [
            ("issue slots", Issued),
            ("float32 units", fused + ((All(Kind.Float) + All(Kind.Convert)) * scheduler.Single)),
            ("integer units", (All(Kind.Integer) + All(Kind.Compare)) * scheduler.Integer),
            ("tensor cores", tensor),
            ("shared memory", (Memory(Kind.Shared, false).Parts + Memory(Kind.Shared, true).Parts) * Scheduler.Wavefront),
        ];
        (string name, double most) = busy.MaxBy(b => b.Cycles);
        return new Bound(scheduler.Name, Math.Max(fused, tensor) / most, name);
    }

    private long Total(Func<int, bool> which, Func<int, long> what)
    {
        long sum = 0;
        for (int i = 0; i < _kinds.Length; i++)
            if (which(i)) sum += what(i);
        return sum;
    }
}
