using System.Globalization;

namespace EmotionXai.Bench.Ptx;

/// <summary>A kernel made ready to run: registers are places in an array of words, names of instructions are objects that do them.</summary>
internal sealed class PtxProgram
{
    private readonly Dictionary<string, Operand> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<(ulong Bits, bool Wide), Operand> _constants = [];
    private readonly List<(int At, int Bytes)> _parameters = [];
    private int _words = 64;

    /// <param name="name">The kernel.</param>
    /// <param name="ptx">Its text.</param>
    /// <param name="fused">Whether a product and the sum that takes it round once, as assemblers make them; else each by itself, as they are written.</param>
    public PtxProgram(string name, string ptx, bool fused = false)
    {
        (Name, Text) = (name, new PtxText(ptx));

        // Constants and special registers first: they keep what they hold. Word 0 on stands for operands that are not there.
        foreach (Statement statement in Text.Statements)
            foreach (string operand in statement.Operands) Collect(operand);
        FirstRegister = _words;
        foreach ((string register, string type) in Text.Registers) _places[register] = Place(type);
        RegisterWords = _words;
        Loops = Ptx.Loops.Of(Text);
        Order = Ptx.Loops.Order(Text, Loops);
        Steps = [.. Text.Statements.Select(Decode)];
        Counts = new long[Steps.Length];
        if (!fused) return;
        foreach ((int product, int sum) in Kinds.Pairs(Text)) Steps[sum] = Fused(Text.Statements[product], Text.Statements[sum]);
    }

    public string Name { get; }

    public PtxText Text { get; }

    public Step[] Steps { get; }

    public IReadOnlyList<Loop> Loops { get; }

    /// <summary>Which lanes go first where they have parted: those with the smallest number.</summary>
    public int[] Order { get; }

    /// <summary>How often a warp ran each instruction.</summary>
    public long[] Counts { get; }

    public int RegisterWords { get; }

    /// <summary>The first word of a register that a kernel writes.</summary>
    public int FirstRegister { get; }

    public IEnumerable<(ulong Bits, Operand At)> Constants => _constants.Select(c => (c.Key.Bits, c.Value));

    public IReadOnlyDictionary<string, Operand> Specials => _places;

    /// <summary>The parameters that it reads.</summary>
    public IReadOnlyList<(int At, int Bytes)> Parameters => _parameters;

    private Operand Place(string type)
    {
        bool wide = type.EndsWith("64", StringComparison.Ordinal), predicate = type == "pred";
        Operand place = new(_words, wide, predicate, false);

        // Whole vectors, predicates too.
        _words += wide ? 64 : predicate ? 8 : 32;
        return place;
    }

    private void Collect(string operand)
    {
        foreach (string part in operand.Split(['{', '}', '[', ']', ',', '+'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Number(part) is { } bits)
            {
                foreach (bool wide in (bool[])[false, true])
                    if (!_constants.ContainsKey((bits, wide))) _constants.Add((bits, wide), Place(wide ? "b64" : "b32"));
            }
            else if (part[0] == '%' && !Text.Registers.ContainsKey(part) && !_places.ContainsKey(part))
            {
                _places.Add(part, Place("b32"));
            }
        }
    }

    private Step Decode(Statement s)
    {
        Step step = DecodeBare(s);
        return s.Guard is null || step is BranchStep ? step : new GuardedStep(Predicate(s.Guard), step);
    }

    private Step DecodeBare(Statement s)
    {
        string[] o = s.Operands, n = s.Name;
        switch (n[0])
        {
            case "bra":
                return new BranchStep(Label(s, o[0]), s.Guard is null ? null : Predicate(s.Guard));
            case "brx":
                return new TableStep(At(s, o[0], false), [.. Text.Tables[o[1]].Select(label => Label(s, label))]);
            case "ret" or "exit":
                return new ExitStep();
            case "bar" or "barrier":
                if (n.Contains("warp")) return new WarpBarrierStep(At(s, o[0], false));
                return n.Contains("sync") && o.Length == 1 && o[0] == "0" ? new BarrierStep() : throw Unknown(s);
            case "ld" when n[1] == "param":
                _parameters.Add((ParameterOffset(o[1]), Bytes(n[^1])));
                return new ParameterStep(At(s, o[0], false), ParameterOffset(o[1]), Bytes(n[^1]), n[^1][0] == 's');
            case "ld":
                return new LoadStep(SpaceOf(s), Reference(s, o[1]), Values(s, o[0]));
            case "st":
                return new StoreStep(SpaceOf(s), Reference(s, o[0]), Values(s, o[1]));
            case "cp" when n[1] == "async":
                return Copy(s);
            case "shfl":
                {
                    string[] to = o[0].Split('|');
                    return new ShuffleStep(n[2], At(s, to[0], false), to.Length > 1 ? Predicate(to[1]) : null, At(s, o[1], false), At(s, o[2], false), At(s, o[3], false), At(s, o[4], false));
                }

            case "mma":
                return new MatrixStep(Values(s, o[0]), Values(s, o[1]), Values(s, o[2]), Values(s, o[3]), n.Contains("bf16") || (n.Contains("tf32") ? false : throw Unknown(s)));
            case "ldmatrix":
                return new LoadMatrixStep(Values(s, o[0]), Reference(s, o[1]), n.Contains("trans"));
        }

        if (o.Length == 0 || o[0].StartsWith('{') || o.Any(x => x.StartsWith('{'))) throw Unknown(s);
        return Compute(s);
    }

    private Step Compute(Statement s)
    {
        string[] o = s.Operands, n = s.Name;
        bool wide = n[^1].EndsWith("64", StringComparison.Ordinal), shift = n[0] is "shl" or "shr";
        Operand d = At(s, o[0], false), a = At(s, o[1], wide), b = o.Length > 2 ? At(s, o[2], wide && !shift && n[0] != "bfe") : default;
        Operand c = o.Length > 3 ? At(s, o[3], wide || n.Contains("wide")) : default;
        if (n[0] == "mul" && n[1] == "wide" && n[2] is "u32" or "s32") return new WideProductStep(d.Slot, a.Slot, b.Slot, n[2] == "s32");
        if (s.FullName is "add.u64" or "add.s64") return new WideSumStep(d.Slot, a.Slot, b.Slot);
        if (!d.Predicate && VectorOps.Step(s.FullName, d.Slot, a.Slot, b.Slot, c.Slot) is { } step) return step;
        return LaneOps.Of(n) is { } op ? new AnyStep(op, d, a, b, c) : throw Unknown(s);
    }

    private Step Fused(Statement product, Statement sum)
    {
        bool first = sum.Operands[1] == product.Operands[0], minus = sum.Name[0] == "sub";
        int c = At(sum, sum.Operands[first ? 2 : 1], false).Slot;
        return VectorOps.Fuse(At(sum, sum.Operands[0], false).Slot, At(product, product.Operands[1], false).Slot, At(product, product.Operands[2], false).Slot, c, minus && !first, minus && first);
    }

    // cp.async.cg.shared.global [to], [from], 16, given; cp.async.commit_group; cp.async.wait_group n.
    private Step Copy(Statement s)
    {
        string[] o = s.Operands;
        if (s.Name.Contains("commit_group")) return new AsyncGroupStep(true, 0);
        if (s.Name.Contains("wait_all")) return new AsyncGroupStep(false, AsyncGroupStep.All);
        if (s.Name.Contains("wait_group")) return new AsyncGroupStep(false, int.Parse(o[0], CultureInfo.InvariantCulture));
        int bytes = int.Parse(o[2], CultureInfo.InvariantCulture);
        return bytes is 4 or 8 or 16 ? new AsyncCopyStep(Reference(s, o[0]), Reference(s, o[1]), bytes, o.Length > 3 ? At(s, o[3], false) : null) : throw Unknown(s);
    }

    private Space SpaceOf(Statement s)
    {
        if (Bytes(s.Name[^1]) < sizeof(uint)) throw Unknown(s);
        if (s.Name.Contains("global")) return Space.Global;
        if (s.Name.Contains("local")) return Space.Local;
        return s.Name.Contains("shared") ? Space.Shared : throw Unknown(s);
    }

    private Operand[] Values(Statement s, string operand) => [.. operand.Trim('{', '}').Split(',').Select(v => At(s, v, Bytes(s.Name[^1]) == 8))];

    private Address Reference(Statement s, string operand)
    {
        string[] parts = operand.Trim('[', ']').Split('+');
        long offset = parts.Length > 1 ? (long)(Number(parts[1]) ?? throw Unknown(s)) : 0;
        return new Address(At(s, parts[0], true), offset);
    }

    private int ParameterOffset(string operand)
    {
        string[] parts = operand.Trim('[', ']').Split('+');
        return Text.Parameters[parts[0]] + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
    }

    private int Label(Statement s, string name) => Text.Labels.TryGetValue(name, out int at) ? at : throw Unknown(s);

    private Operand Predicate(string name) => name[0] == '!' ? _places[name[1..]] with { Not = true } : _places[name];

    private Operand At(Statement s, string name, bool wide)
    {
        if (Number(name) is { } bits) return _constants[(bits, wide)];
        if (name[0] == '!') return Predicate(name);
        return _places.TryGetValue(name, out Operand place) ? place : throw Unknown(s);
    }

    // The value's bits: a whole number, 0x.., 0f and 0d with the bits of a float; an array is where it begins.
    private ulong? Number(string text)
    {
        if (Text.Arrays.TryGetValue(text, out MemoryArray? array)) return (ulong)array.Offset;
        if (!char.IsAsciiDigit(text[0]) && text[0] != '-') return null;
        if (text.StartsWith("0f", StringComparison.OrdinalIgnoreCase) || text.StartsWith("0d", StringComparison.OrdinalIgnoreCase) || text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return text[0] == '-' ? (ulong)long.Parse(text, CultureInfo.InvariantCulture) : ulong.Parse(text.TrimEnd('U'), CultureInfo.InvariantCulture);
    }

    private static int Bytes(string type) => type is "tf32" ? 4 : int.Parse(type.AsSpan(1), CultureInfo.InvariantCulture) / 8;

    private NotSupportedException Unknown(Statement s) => new($"{Name}, line {s.Line}: the interpreter does not know '{s}'.");
}
