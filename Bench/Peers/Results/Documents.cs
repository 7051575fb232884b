using System.Globalization;

namespace EmotionXai.Bench.Peers;

/// <summary>What is written from the results: a page beside each, and the table in <c>docs/benchmarks.md</c> between two marks.</summary>
internal static class Documents
{
    /// <summary>What <c>./bench.sh</c> is called with.</summary>
    public const string Verb = "tables";

    public const string Begin = "<!-- made by ./bench.sh tables -->", End = "<!-- end of what ./bench.sh tables makes -->";

    private static readonly string s_folder = Path.Combine("Bench", "results"), s_docs = Path.Combine("docs", "benchmarks.md");

    /// <summary>The files and what they should hold.</summary>
    /// <param name="root">The folder of the project.</param>
    /// <exception cref="InvalidDataException">A result cannot be read, or the document lacks its marks.</exception>
    public static IReadOnlyDictionary<string, string> Of(string root)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        List<Result> results = [];
        foreach (string path in Directory.GetFiles(Path.Combine(root, s_folder), "*.json").Order(StringComparer.Ordinal))
        {
            Result result = Result.Read(path);
            results.Add(result);
            files.Add(Path.Combine(s_folder, Path.ChangeExtension(Path.GetFileName(path), ".md")), Page(result, Path.GetFileName(path)));
        }

        string text = File.ReadAllText(Path.Combine(root, s_docs));
        int begin = text.IndexOf(Begin, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin) throw new InvalidDataException($"{s_docs}: '{Begin}' and '{End}' must stand around the table.");
        files.Add(s_docs, $"{text[..begin]}{Begin}\n\n{Overview.Table(results)}\n\n{text[end..]}");
        return files;
    }

    /// <summary>Where the files differ from what the results give: a line each.</summary>
    public static IReadOnlyList<string> Differences(string root)
    {
        List<string> found = [];
        IReadOnlyDictionary<string, string> files = Of(root);
        foreach ((string file, string text) in files)
        {
            string path = Path.Combine(root, file);
            string[] wanted = text.Split('\n'), held = File.Exists(path) ? File.ReadAllText(path).Split('\n') : [];
            int line = Enumerable.Range(0, Math.Max(wanted.Length, held.Length)).FirstOrDefault(i => i >= wanted.Length || i >= held.Length || wanted[i] != held[i], -1);
            if (line >= 0) found.Add($"{file}, line {line + 1}: not what Bench/results/*.json give; './bench.sh {Verb}' writes it.");
        }

        foreach (string page in Directory.GetFiles(Path.Combine(root, s_folder), "*.md").Select(f => Path.GetRelativePath(root, f)).Where(f => !files.ContainsKey(f)))
            found.Add($"{page}: there is no result of this name; delete it.");
        return found;
    }

    /// <summary>Writes the files, or with <paramref name="check"/> says where they differ; the exit code.</summary>
    public static int Run(string root, bool check, TextWriter errors)
    {
        try
        {
            if (!check)
            {
                foreach ((string file, string text) in Of(root)) File.WriteAllText(Path.Combine(root, file), text);
            }

            IReadOnlyList<string> differences = Differences(root);
            foreach (string difference in differences) errors.WriteLine($"error: {difference}");
            return differences.Count == 0 ? 0 : 1;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            errors.WriteLine($"error: {e.Message}");
            return 2;
        }
    }

    private static string Page(Result result, string file)
    {
        string day = DateOnly.ParseExact(result.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture).ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
        List<string> lines =
        [
            $"# {RowText.Title(result.Machine)}",
            "",
            $"`./bench.sh peers`, {day}{(result.Commit.Length > 0 ? $", commit {result.Commit}" : "")}; `./bench.sh {Verb}` makes this page from {file}.{(result.Note.Length > 0 ? " " + result.Note : "")}",
            "",
            .. RowText.Describe(result).Split('\n'),
            "",
            RowText.Head,
            .. result.Rows.Select(RowText.Line),
            "",
            RowText.Close(result.Rows),
            "",
        ];
        return string.Join('\n', lines);
    }
}
