using System.Text.RegularExpressions;

namespace EmotionXai.Engine.Gpu;

/// <summary>Which registers of a PTX kernel hold a value that is still to be read, by the usual backward flow over its instructions.</summary>
internal sealed partial class PtxLiveness
{
    private const string Table = ".branchtargets ";

    private readonly List<Instruction> _instructions = [];
    private readonly Dictionary<string, int> _labels = [];
    private readonly Dictionary<string, string[]> _tables = [];
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<int> _widths = [];

    public PtxLiveness(string ptx)
    {
        string last = "";
        foreach (string raw in ptx[ptx.IndexOf(".entry", StringComparison.Ordinal)..].Split('\n'))
        {
            string line = raw.Trim();
            if (line.EndsWith(':')) _labels[last = line[..^1]] = _instructions.Count;
            else if (line.StartsWith(Table, StringComparison.Ordinal)) _tables[last] = line[Table.Length..^1].Split(',', StringSplitOptions.TrimEntries);
            else if (line.EndsWith(';') && !line.StartsWith('.')) _instructions.Add(Read(line));
        }
    }

    public int Instructions => _instructions.Count;

    /// <summary>The most 32-bit registers that are live before any instruction; predicates are not counted.</summary>
    public int MostLive()
    {
        int words = (_numbers.Count + 63) / 64, count = _instructions.Count;
        ulong[][] live = new ulong[count + 1][];
        for (int i = 0; i <= count; i++) live[i] = new ulong[words];
        ulong[] now = new ulong[words];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int i = count - 1; i >= 0; i--)
            {
                Instruction instruction = _instructions[i];
                if (instruction.Falls) live[i + 1].CopyTo(now, 0);
                else Array.Clear(now);
                foreach (string label in Targets(instruction.Label))
                    for (int w = 0; w < words; w++) now[w] |= live[_labels[label]][w];
                foreach (int register in instruction.Writes) now[register >> 6] &= ~(1UL << register);
                foreach (int register in instruction.Reads) now[register >> 6] |= 1UL << register;
                if (now.AsSpan().SequenceEqual(live[i])) continue;
                now.CopyTo(live[i], 0);
                changed = true;
            }
        }

        return live.Max(set => Enumerable.Range(0, _widths.Count).Sum(r => (set[r >> 6] >> r & 1) != 0 ? _widths[r] : 0));
    }

    private string[] Targets(string? label) => label is null ? [] : _tables.TryGetValue(label, out string[]? table) ? table : [label];

    private Instruction Read(string line)
    {
        bool guarded = line.StartsWith('@');
        List<int> reads = [], writes = [];
        if (guarded)
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            reads.Add(Number(Register().Match(line[..space]).Value));
            line = line[(space + 1)..].Trim();
        }

        int end = line.IndexOfAny([' ', '\t', ';']);
        string name = line[..end], operands = line[end..];
        if (name.StartsWith("bra", StringComparison.Ordinal)) return new Instruction(reads, writes, operands.Trim(' ', '\t', ';'), guarded);
        if (name.StartsWith("brx", StringComparison.Ordinal))
        {
            string[] parts = operands.Trim(' ', '\t', ';').Split(',', StringSplitOptions.TrimEntries);
            reads.Add(Number(parts[0]));
            return new Instruction(reads, writes, parts[1], guarded);
        }

        if (name is "ret" or "exit") return new Instruction(reads, writes, null, guarded);

        // The first operand is written, unless it is an address or the instruction has no result; a guarded write leaves the old value in place.
        Match first = Target().Match(operands);
        bool writing = first.Success && !name.StartsWith("st.", StringComparison.Ordinal) && !name.StartsWith("bar.", StringComparison.Ordinal);
        int rest = writing ? first.Index + first.Length : 0;
        if (writing) writes.AddRange(Register().Matches(first.Value).Select(m => Number(m.Value)));
        if (writing && guarded) reads.AddRange(writes);
        reads.AddRange(Register().Matches(operands[rest..]).Select(m => Number(m.Value)));
        return new Instruction(reads, writes, null, Falls: true);
    }

    private int Number(string register)
    {
        if (_numbers.TryGetValue(register, out int number)) return number;
        _numbers.Add(register, number = _widths.Count);
        _widths.Add(register.StartsWith("%rd", StringComparison.Ordinal) || register.StartsWith("%fd", StringComparison.Ordinal) ? 2 : register.StartsWith("%p", StringComparison.Ordinal) ? 0 : 1);
        return number;
    }

    // Registers that the kernel declares: %tid and its like have letters only.
    [GeneratedRegex(@"%[a-z]+\d+")]
    private static partial Regex Register();

    [GeneratedRegex(@"^\s*(\{[^}]*\}|%[a-z]+\d+)")]
    private static partial Regex Target();

    private sealed record Instruction(List<int> Reads, List<int> Writes, string? Label, bool Falls);
}
