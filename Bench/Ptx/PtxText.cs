using System.Globalization;

namespace EmotionXai.Bench.Ptx;

/// <summary>One instruction as it is written.</summary>
/// <param name="Line">Its line in the text, from 1.</param>
/// <param name="Guard">The predicate it depends on, with ! where it must be false; null for none.</param>
/// <param name="Name">The parts of its name, such as add, s32.</param>
/// <param name="Operands">Its operands; registers carry the number of the block that declares them where that is not the kernel's own.</param>
internal sealed record Statement(int Line, string? Guard, string[] Name, string[] Operands)
{
    public string FullName { get; } = string.Join('.', Name);

    public override string ToString() => $"{(Guard is null ? "" : $"@{Guard} ")}{FullName} {string.Join(", ", Operands)}";
}

/// <summary>An array in shared or local memory, by its offset there.</summary>
internal sealed record MemoryArray(int Offset, int Bytes, bool IsShared);

/// <summary>
/// A kernel as PTX text, taken apart: instructions, labels, registers and memory. It reads what ILGPU writes and what a kernel adds
/// by hand, blocks with registers of their own among it.
/// </summary>
internal sealed class PtxText
{
    private readonly List<Dictionary<string, string>> _scopes = [[]];
    private string _lastLabel = "";
    private int _blocks;

    public PtxText(string text)
    {
        Lines = text.Split('\n');
        int entry = text.IndexOf(".entry", StringComparison.Ordinal), body = text.IndexOf('{', entry);
        Head(text[..entry], text[entry..body]);
        Body(text, body + 1);
        SharedBytes = Align(SharedBytes, 16);
        foreach (string name in Dynamic) Arrays[name] = new MemoryArray(SharedBytes, 0, true);
    }

    public string[] Lines { get; }

    public List<Statement> Statements { get; } = [];

    public Dictionary<string, int> Labels { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string[]> Tables { get; } = new(StringComparer.Ordinal);

    /// <summary>Registers by name, with their type, such as f32.</summary>
    public Dictionary<string, string> Registers { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, MemoryArray> Arrays { get; } = new(StringComparer.Ordinal);

    /// <summary>Where the parameters' bytes lie under their names.</summary>
    public Dictionary<string, int> Parameters { get; } = new(StringComparer.Ordinal);

    public int ParameterBytes { get; private set; }

    /// <summary>Shared memory of fixed size; what a launch asks for besides lies behind it.</summary>
    public int SharedBytes { get; private set; }

    public int LocalBytes { get; private set; }

    private List<string> Dynamic { get; } = [];

    private void Head(string before, string entry)
    {
        // Functions there are what ILGPU leaves of the instructions it was taught; none is called, and a call is no instruction that is known.
        foreach (string part in before.Split(';'))
            if (part.Contains(".extern", StringComparison.Ordinal)) Dynamic.Add(Words(part)[^1].Replace("[]", "", StringComparison.Ordinal));
        int open = entry.IndexOf('(', StringComparison.Ordinal), close = entry.IndexOf(')', StringComparison.Ordinal);
        foreach (string parameter in entry[(open + 1)..close].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            (string name, int bytes, int align) = Declared(Words(parameter));
            ParameterBytes = Align(ParameterBytes, align);
            Parameters[name] = ParameterBytes;
            ParameterBytes += bytes;
        }
    }

    private void Body(string text, int at)
    {
        int line = 1 + text.AsSpan(0, at).Count('\n'), start = -1, first = line;
        for (int depth = 0; ; at++)
        {
            char c = text[at];
            if (c == '\n') line++;
            if (c == '/' && text[at + 1] == '/')
            {
                while (text[at + 1] != '\n') at++;
                continue;
            }

            if (start < 0)
            {
                if (char.IsWhiteSpace(c)) continue;
                if (c == '}' && _scopes.Count == 1) return;
                if (c == '}') _scopes.RemoveAt(_scopes.Count - 1);
                else if (c == '{') _scopes.Add([]);
                else (start, first) = (at, line);
            }
            else if (c is '{' or '[')
            {
                depth++;
            }
            else if (c is '}' or ']')
            {
                depth--;
            }
            else if (c == ';' && depth == 0)
            {
                Read(text[start..at], first);
                start = -1;
            }
            else if (c == ':' && depth == 0 && !text[start..at].AsSpan().ContainsAny(" \t,.["))
            {
                Labels.Add(_lastLabel = text[start..at], Statements.Count);
                start = -1;
            }
        }
    }

    private void Read(string text, int line)
    {
        if (text[0] == '.')
        {
            Declare(Words(text), text);
            return;
        }

        string? guard = null;
        if (text[0] == '@')
        {
            int space = text.IndexOfAny([' ', '\t']);
            guard = Scoped(text[1..space]);
            text = text[space..].Trim();
        }

        int end = text.IndexOfAny([' ', '\t', '\n']);
        string name = end < 0 ? text : text[..end];
        Statements.Add(new Statement(line, guard, name.Split('.'), end < 0 ? [] : [.. Operands(text[end..])]));
    }

    private void Declare(string[] words, string text)
    {
        switch (words[0])
        {
            case ".reg":
                foreach (string name in text[(text.IndexOf(words[1], StringComparison.Ordinal) + words[1].Length)..].Split(',', StringSplitOptions.TrimEntries)) Register(name, words[1][1..]);
                break;
            case ".shared":
                {
                    (string name, int bytes, int align) = Declared(words);
                    Arrays[name] = new MemoryArray(SharedBytes = Align(SharedBytes, align), bytes, true);
                    SharedBytes += bytes;
                    break;
                }

            case ".local":
                {
                    (string name, int bytes, int align) = Declared(words);
                    Arrays[name] = new MemoryArray(LocalBytes = Align(LocalBytes, align), bytes, false);
                    LocalBytes += bytes;
                    break;
                }

            case ".branchtargets":
                Tables[_lastLabel] = text[words[0].Length..].Split(',', StringSplitOptions.TrimEntries);
                break;
            case ".pragma" or ".loc":
                break;
            default:
                throw new NotSupportedException($"PTX with {words[0]} is not read.");
        }
    }

    private void Register(string name, string type)
    {
        int open = name.IndexOf('<', StringComparison.Ordinal);
        if (open >= 0)
        {
            for (int i = 0; i < int.Parse(name[(open + 1)..^1], CultureInfo.InvariantCulture); i++) Register($"{name[..open]}{i}", type);
            return;
        }

        // A block's own registers hide those outside; each block gets others.
        string full = _scopes.Count == 1 ? name : $"{name}#{_blocks++}";
        _scopes[^1][name] = full;
        Registers.Add(full, type);
    }

    private IEnumerable<string> Operands(string text)
    {
        int depth = 0, start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] is '{' or '[') depth++;
            if (i < text.Length && text[i] is '}' or ']') depth--;
            if (i < text.Length && (text[i] != ',' || depth > 0)) continue;
            yield return string.Concat(Tokens(text[start..i].Trim()).Select(Scoped));
            start = i + 1;
        }
    }

    private static IEnumerable<string> Tokens(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            int start = i++;
            bool name = IsName(text[start]);
            while (i < text.Length && IsName(text[i]) == name && name) i++;
            if (!char.IsWhiteSpace(text[start])) yield return text[start..i];
        }

        static bool IsName(char c) => char.IsLetterOrDigit(c) || c is '_' or '%' or '$' or '.';
    }

    private string Scoped(string name)
    {
        if (name is ['!', .. string rest]) return $"!{Scoped(rest)}";
        for (int i = _scopes.Count - 1; i >= 0; i--)
            if (_scopes[i].TryGetValue(name, out string? full)) return full;
        return name;
    }

    // .shared .align 16 .b8 name[256]
    private static (string Name, int Bytes, int Align) Declared(string[] words)
    {
        int align = Array.IndexOf(words, ".align"), open = words[^1].IndexOf('[', StringComparison.Ordinal);
        int size = int.Parse(words[^2].AsSpan(2), CultureInfo.InvariantCulture) / 8;
        int count = open < 0 ? 1 : int.Parse(words[^1].AsSpan()[(open + 1)..^1], CultureInfo.InvariantCulture);
        return (open < 0 ? words[^1] : words[^1][..open], count * size, align < 0 ? size : int.Parse(words[align + 1], CultureInfo.InvariantCulture));
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static int Align(int at, int to) => (at + to - 1) / to * to;
}
