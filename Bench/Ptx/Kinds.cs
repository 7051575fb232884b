namespace EmotionXai.Bench.Ptx;

/// <summary>What an instruction is for.</summary>
internal enum Kind
{
    MultiplyAdd,
    Tensor,
    Float,
    Integer,
    Compare,
    Convert,
    Global,
    Shared,
    Copy,
    Local,
    Meeting,
    Branch,
    Move,
    Address,

    /// <summary>A product that an assembler makes one instruction of with the sum that takes it.</summary>
    Merged,
}

/// <summary>
/// Sorts a kernel's instructions. A mul of float32 whose only reader is an add or sub in the same stretch of code is merged with it, as
/// assemblers do; the pair counts once.
/// </summary>
internal static class Kinds
{
    public static Kind[] Of(PtxText text)
    {
        Kind[] kinds = [.. text.Statements.Select(Of)];
        foreach ((int product, int sum) in Pairs(text)) (kinds[product], kinds[sum]) = (Kind.Merged, Kind.MultiplyAdd);
        return kinds;
    }

    /// <summary>The products of float32 that are merged, each with the sum that takes it.</summary>
    public static IReadOnlyList<(int Product, int Sum)> Pairs(PtxText text)
    {
        List<Statement> statements = text.Statements;
        Dictionary<string, List<int>> readers = new(StringComparer.Ordinal), writers = new(StringComparer.Ordinal);
        for (int i = 0; i < statements.Count; i++)
        {
            bool writes = statements[i].Name[0] is not ("st" or "bra" or "brx" or "bar" or "ret" or "cp");
            string[] operands = statements[i].Operands;
            for (int o = 0; o < operands.Length; o++)
                foreach (string name in operands[o].Split(['{', '}', '[', ']', ',', '+', '!', '|'], StringSplitOptions.RemoveEmptyEntries))
                    Note(o == 0 && writes ? writers : readers, name, i);
        }

        HashSet<int> targets = [.. text.Labels.Values], taken = [];
        List<(int, int)> pairs = [];
        for (int i = 0; i < statements.Count; i++)
        {
            Statement s = statements[i];
            if (s.Name[0] != "mul" || s.Name[^1] != "f32" || s.Guard is not null || writers[s.Operands[0]].Count != 1) continue;
            if (!readers.TryGetValue(s.Operands[0], out List<int>? by) || by.Count != 1 || by[0] < i) continue;
            Statement reader = statements[by[0]];
            bool sum = reader.Name[0] is "add" or "sub" && reader.Name[^1] == "f32" && reader.Guard is null;
            bool together = Enumerable.Range(i + 1, by[0] - i).All(at => Of(statements[at]) != Kind.Branch && !targets.Contains(at));

            // What the product takes must still be there when the sum is made.
            bool kept = s.Operands[1..].All(o => !writers.TryGetValue(o, out List<int>? at) || !at.Exists(w => w > i && w < by[0]));
            if (sum && together && kept && taken.Add(by[0])) pairs.Add((i, by[0]));
        }

        return pairs;
    }

    private static void Note(Dictionary<string, List<int>> places, string name, int at)
    {
        if (!places.TryGetValue(name, out List<int>? list)) places.Add(name, list = []);
        list.Add(at);
    }

    private static Kind Of(Statement s)
    {
        string type = s.Name[^1];
        bool wide = type.EndsWith("64", StringComparison.Ordinal) && type[0] != 'f';
        switch (s.Name[0])
        {
            case "mma": return Kind.Tensor;
            case "ldmatrix": return Kind.Shared;
            case "cp": return s.FullName.Contains("group", StringComparison.Ordinal) || s.FullName.Contains("wait", StringComparison.Ordinal) ? Kind.Meeting : Kind.Copy;
            case "ld" or "st": return s.Name.Contains("global") ? Kind.Global : s.Name.Contains("shared") ? Kind.Shared : s.Name.Contains("local") ? Kind.Local : Kind.Move;
            case "mov": return Kind.Move;
            case "cvta": return Kind.Address;
            case "bra" or "brx" or "ret" or "exit": return Kind.Branch;
            case "bar" or "barrier" or "shfl": return Kind.Meeting;
            case "setp" or "selp" or "testp": return Kind.Compare;
            case "cvt": return wide || s.Name[^2].EndsWith("64", StringComparison.Ordinal) && s.Name[^2][0] != 'f' ? Kind.Address : Kind.Convert;
            case "fma": return Kind.MultiplyAdd;
        }

        if (wide || s.Name.Contains("wide")) return Kind.Address;
        return type is "f32" or "f64" ? Kind.Float : type == "pred" ? Kind.Compare : Kind.Integer;
    }
}
