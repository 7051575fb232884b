namespace EmotionXai.Bench.Ptx;

/// <summary>What can be wrong in a kernel though its results may be right.</summary>
internal enum Wrong
{
    OutOfBounds,
    NeverWritten,
    Misaligned,
    Race,
    Barrier,
    MissingLane,
    Endless,
}

/// <summary>One thing found, the first time its instruction does it.</summary>
internal sealed record Finding(Wrong Kind, string Kernel, int Line, string Instruction, int Group, int Thread, string Detail)
{
    public override string ToString() => $"{Kernel}, line {Line} ({Instruction}), group {Group}, thread {Thread}: {Kind}: {Detail}";
}

/// <summary>What was found in the launches of a device: one entry an instruction and kind.</summary>
internal sealed class Findings
{
    private readonly HashSet<(string Kernel, Wrong Kind, int Line)> _seen = [];
    private readonly List<Finding> _all = [];

    public IReadOnlyList<Finding> All => _all;

    public void Clear()
    {
        _seen.Clear();
        _all.Clear();
    }

    public void Add(Finding finding)
    {
        if (_seen.Add((finding.Kernel, finding.Kind, finding.Line))) _all.Add(finding);
    }
}
