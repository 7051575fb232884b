namespace EmotionXai.Bench.Ptx;

/// <summary>A loop of a kernel: its first instruction and all of them, those of loops inside it too.</summary>
/// <param name="Head">Where every turn begins.</param>
/// <param name="Body">Its instructions.</param>
/// <param name="Depth">1 for a loop in no other.</param>
/// <param name="IsInnermost">Whether no loop is inside it.</param>
internal sealed record Loop(int Head, IReadOnlySet<int> Body, int Depth, bool IsInnermost);

/// <summary>
/// The natural loops of a kernel: a jump back to an instruction that every way there leads through. Loops with the same head are one.
/// </summary>
internal static class Loops
{
    public static IReadOnlyList<Loop> Of(PtxText text)
    {
        (int[] blockOf, List<int> heads, List<int>[] after) = Blocks(text);
        int count = blockOf.Length;
        HashSet<int>[] dominators = Dominators(after);
        Dictionary<int, HashSet<int>> bodies = [];
        for (int from = 0; from < heads.Count; from++)
        {
            foreach (int head in after[from].Where(dominators[from].Contains))
            {
                if (!bodies.TryGetValue(head, out HashSet<int>? body)) bodies.Add(head, body = [head]);
                Collect(from, body, after);
            }
        }

        List<(int Head, HashSet<int> Body)> found = [.. bodies.Select(pair => (pair.Key, pair.Value))];
        return
        [
            .. found.Select(loop => new Loop(
                heads[loop.Head],
                Enumerable.Range(0, count).Where(i => loop.Body.Contains(blockOf[i])).ToHashSet(),
                found.Count(outer => outer.Body.Contains(loop.Head)),
                found.TrueForAll(inner => inner.Head == loop.Head || !loop.Body.Contains(inner.Head)))),
        ];
    }

    /// <summary>
    /// A number for every instruction, smaller than those of all that come after it, jumps back aside, and a loop's smaller than those
    /// behind the loop: lanes that parted meet again where their ways do if those with the smallest number go first.
    /// </summary>
    public static int[] Order(PtxText text, IReadOnlyList<Loop> loops)
    {
        (int[] blockOf, List<int> heads, List<int>[] after) = Blocks(text);
        IReadOnlySet<int>?[] inner = [.. heads.Select(h => loops.Where(l => l.Body.Contains(h)).MaxBy(l => l.Depth)?.Body)];
        bool[] seen = new bool[heads.Count];
        int[] order = new int[blockOf.Length];
        int last = blockOf.Length;
        Visit(0);
        return order;

        // What is finished first comes last, so ways out of a loop are gone before those that stay.
        void Visit(int block)
        {
            seen[block] = true;
            foreach (int to in after[block].OrderBy(to => inner[block]?.Contains(heads[to]) ?? false))
                if (!seen[to]) Visit(to);
            for (int i = (block + 1 < heads.Count ? heads[block + 1] : blockOf.Length) - 1; i >= heads[block]; i--) order[i] = --last;
        }
    }

    private static (int[] BlockOf, List<int> Heads, List<int>[] After) Blocks(PtxText text)
    {
        int count = text.Statements.Count;
        int[][] next = [.. Enumerable.Range(0, count).Select(i => Next(text, i))];
        int[] blockOf = Blocks(next, out List<int> heads);
        return (blockOf, heads, [.. heads.Select((_, b) => next[(b + 1 < heads.Count ? heads[b + 1] : count) - 1].Select(i => blockOf[i]).ToList())]);
    }

    private static int[] Next(PtxText text, int at)
    {
        Statement s = text.Statements[at];
        if (s.Name[0] is "ret" or "exit" && s.Guard is null) return [];
        int[] to = s.Name[0] switch
        {
            "bra" => [text.Labels[s.Operands[0]]],
            "brx" => [.. text.Tables[s.Operands[1]].Select(label => text.Labels[label])],
            _ => [],
        };
        return to.Length > 0 && s.Guard is null ? to : at + 1 < text.Statements.Count ? [.. to, at + 1] : to;
    }

    // A block begins at every target of a jump and behind every jump.
    private static int[] Blocks(int[][] next, out List<int> heads)
    {
        SortedSet<int> starts = [0];
        for (int i = 0; i < next.Length; i++)
        {
            if (next[i].Length == 1 && next[i][0] == i + 1) continue;
            starts.UnionWith(next[i]);
            if (i + 1 < next.Length) starts.Add(i + 1);
        }

        heads = [.. starts];
        int[] blockOf = new int[next.Length];
        for (int i = 0, b = 0; i < next.Length; i++)
        {
            if (b + 1 < heads.Count && heads[b + 1] == i) b++;
            blockOf[i] = b;
        }

        return blockOf;
    }

    private static HashSet<int>[] Dominators(List<int>[] after)
    {
        int count = after.Length;
        List<int>[] before = [.. after.Select(_ => new List<int>())];
        for (int b = 0; b < count; b++)
            foreach (int to in after[b]) before[to].Add(b);

        // What nothing leads to is dominated by everything.
        HashSet<int>[] dominators = [.. Enumerable.Range(0, count).Select(b => b == 0 ? new HashSet<int> { 0 } : [.. Enumerable.Range(0, count)])];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int b = 1; b < count; b++)
            {
                if (before[b].Count == 0) continue;
                HashSet<int> common = [.. dominators[before[b][0]]];
                foreach (int from in before[b]) common.IntersectWith(dominators[from]);
                common.Add(b);
                if (common.Count == dominators[b].Count) continue;
                dominators[b] = common;
                changed = true;
            }
        }

        return dominators;
    }

    // All that leads to a block without its loop's head, which is in the body already.
    private static void Collect(int from, HashSet<int> body, List<int>[] after)
    {
        Stack<int> left = new([from]);
        while (left.TryPop(out int block))
        {
            if (!body.Add(block)) continue;
            for (int b = 0; b < after.Length; b++)
                if (after[b].Contains(block)) left.Push(b);
        }
    }
}
