using System.Text.RegularExpressions;

namespace EmotionXai.Tests.Backends;

/// <summary>The instructions of one loop of a kernel's PTX, with the loops inside it left to themselves, counted as what they cost a thread each time round.</summary>
/// <param name="Products">Multiply-adds of float32: a mul whose only use is an add, or an fma.</param>
/// <param name="TensorProducts">Products of small matrices (mma).</param>
/// <param name="Instructions">All instructions, a mul and add that fuse as one; without moves and the 64-bit arithmetic of addresses, which an assembler folds or hides.</param>
internal sealed partial record PtxLoop(int Products, int TensorProducts, int Instructions)
{
    /// <summary>The innermost loop with the most products.</summary>
    public static PtxLoop Busiest(string ptx) => new Flow(ptx).Innermost().Select(Count).MaxBy(l => l.Products + l.TensorProducts)!;

    private static PtxLoop Count((string[] All, int[] Loop) found)
    {
        string[] loop = [.. found.Loop.Select(i => found.All[i])];
        ILookup<string, string> uses = found.All.SelectMany(i => Register().Matches(i).Skip(1).Select(m => (m.Value, Name: Name(i)))).ToLookup(u => u.Value, u => u.Name);
        int fused = loop.Count(i => Name(i) == "mul.f32" && uses[Register().Match(i).Value].ToArray() is ["add.f32"]);
        int counted = loop.Count(i => !Name(i).StartsWith("mov.", StringComparison.Ordinal) && !Address().IsMatch(Name(i)));
        return new PtxLoop(fused + loop.Count(i => Name(i) == "fma.rn.f32"), loop.Count(i => Name(i).StartsWith("mma.", StringComparison.Ordinal)), counted - fused);
    }

    private static string Name(string instruction) => NameOf().Match(instruction).Groups[1].Value;

    [GeneratedRegex(@"%[a-z]+\d+")]
    private static partial Regex Register();

    [GeneratedRegex(@"^(?:@!?%p\d+\s+)?([\w.]+)")]
    private static partial Regex NameOf();

    [GeneratedRegex(@"^(mul\.wide|(add|sub|mul\.lo|mad\.lo|shl|cvta?)\S*\.[bsu]64)")]
    private static partial Regex Address();

    /// <summary>Which instruction may follow which.</summary>
    private sealed class Flow
    {
        private readonly List<string> _instructions = [];
        private readonly List<int[]> _next = [];

        public Flow(string ptx)
        {
            Dictionary<string, int> labels = [];
            foreach (string raw in ptx[ptx.IndexOf(".entry", StringComparison.Ordinal)..].Split('\n'))
            {
                string line = raw.Trim();
                if (line.EndsWith(':')) labels[line[..^1]] = _instructions.Count;
                else if (line.EndsWith(';') && !line.StartsWith('.')) _instructions.Add(line);
            }

            for (int i = 0; i < _instructions.Count; i++)
            {
                string line = _instructions[i];
                if (Name(line).StartsWith("brx", StringComparison.Ordinal)) throw new NotSupportedException("A jump by table is not followed.");
                bool jumps = Name(line).StartsWith("bra", StringComparison.Ordinal), falls = line.StartsWith('@') || (!jumps && Name(line) != "ret");
                _next.Add([.. jumps ? [labels[line.TrimEnd(';').Split([' ', '\t'])[^1]]] : Array.Empty<int>(), .. falls && i + 1 < _instructions.Count ? [i + 1] : Array.Empty<int>()]);
            }
        }

        /// <summary>All loops without a loop inside.</summary>
        public IEnumerable<(string[] All, int[] Loop)> Innermost() => Innermost([.. Enumerable.Range(0, _next.Count)]);

        private IEnumerable<(string[] All, int[] Loop)> Innermost(HashSet<int> within)
        {
            foreach (List<int> loop in Components(within).Where(c => c.Count > 1))
            {
                // The compiler lays a loop's head before the rest of it.
                (string[] All, int[] Loop)[] inner = [.. Innermost([.. loop.Where(i => i != loop.Min())])];
                if (inner.Length == 0) yield return ([.. _instructions], [.. loop.Order()]);
                foreach ((string[] All, int[] Loop) l in inner) yield return l;
            }
        }

        // Strongly connected components (Tarjan 1972): instructions that lead to each other.
        private List<List<int>> Components(HashSet<int> within)
        {
            Dictionary<int, int> number = [], low = [];
            Stack<int> open = new();
            HashSet<int> isOpen = [];
            List<List<int>> components = [];
            foreach (int i in within.Order())
                if (!number.ContainsKey(i)) Visit(i);
            return components;

            void Visit(int i)
            {
                number[i] = low[i] = number.Count;
                open.Push(i);
                isOpen.Add(i);
                foreach (int next in _next[i].Where(within.Contains))
                {
                    if (!number.ContainsKey(next))
                    {
                        Visit(next);
                        low[i] = Math.Min(low[i], low[next]);
                    }
                    else if (isOpen.Contains(next))
                    {
                        low[i] = Math.Min(low[i], number[next]);
                    }
                }

                if (low[i] != number[i]) return;
                List<int> component = [];
                do
                {
                    component.Add(open.Peek());
                    isOpen.Remove(open.Peek());
                }
                while (open.Pop() != i);
                components.Add(component);
            }
        }
    }
}
