using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;
using ArchUnitNET.Loader;

namespace EmotionXai.Tests.Structure;

/// <summary>
/// Which parts of an assembly depend on which. A part is what follows the root in a namespace, with all that is inside it
/// (<c>Backends.Cpu</c> belongs to <c>Backends</c>); types of the root itself are a part too.
/// </summary>
internal sealed class Arrows
{
    private const string Root = "(root)";

    private readonly SortedDictionary<string, SortedDictionary<string, string>> _from = new(StringComparer.Ordinal);

    /// <param name="architecture">The assemblies.</param>
    /// <param name="root">The namespace that is cut in parts; types outside it do not count.</param>
    /// <param name="deep">Whether parts inside a part are parts of their own.</param>
    public Arrows(Architecture architecture, string root, bool deep = false)
    {
        foreach (IType type in architecture.Types)
        {
            if (Part(type, root, deep) is not string from) continue;
            foreach (ITypeDependency dependency in type.Dependencies)
            {
                if (Part(dependency.Target, root, deep) is not string to || to == from) continue;
                if (!_from.TryGetValue(from, out SortedDictionary<string, string>? targets)) _from[from] = targets = new SortedDictionary<string, string>(StringComparer.Ordinal);
                targets.TryAdd(to, $"{type.Name} uses {dependency.Target.Name}");
            }
        }
    }

    public static Architecture Load(params System.Reflection.Assembly[] assemblies) => new ArchLoader().LoadAssemblies(assemblies).Build();

    /// <summary>The number of arrows.</summary>
    public int Count => _from.Values.Sum(targets => targets.Count);

    /// <summary>A type that makes one part depend on another, in words; null where none does.</summary>
    public string? Between(string from, string to) => _from.TryGetValue(from, out SortedDictionary<string, string>? targets) && targets.TryGetValue(to, out string? why) ? why : null;

    /// <summary>A way that leads back to where it began, an arrow a line with a type for it; null where there is none.</summary>
    public string? Cycle()
    {
        HashSet<string> done = [];
        List<string> way = [];
        return _from.Keys.Select(Walk).FirstOrDefault(found => found is not null);

        string? Walk(string part)
        {
            if (way.IndexOf(part) is >= 0 and int start) return string.Join('\n', way[start..].Select((p, i) => Arrow(p, start + i + 1 < way.Count ? way[start + i + 1] : part)));
            if (!done.Add(part) || !_from.TryGetValue(part, out SortedDictionary<string, string>? targets)) return null;
            way.Add(part);
            string? found = targets.Keys.Select(Walk).FirstOrDefault(f => f is not null);
            way.RemoveAt(way.Count - 1);
            return found;
        }

        string Arrow(string from, string to) => $"{from} -> {to}: {_from[from][to]}";
    }

    private static string? Part(IType type, string root, bool deep)
    {
        if (type is GenericParameter || type.Namespace?.FullName is not string name) return null;
        if (name == root) return Root;
        if (!name.StartsWith(root + ".", StringComparison.Ordinal)) return null;
        string inside = name[(root.Length + 1)..];
        return deep ? inside : inside.Split('.')[0];
    }
}
