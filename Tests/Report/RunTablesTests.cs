using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Tests.Cli;
using EmotionXai.Tests.Readme;
using Parquet;
using Parquet.Schema;
using Xunit;

namespace EmotionXai.Tests.Report;

/// <summary>A small run, once for all tests of its tables.</summary>
public sealed class SmallRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallRun()
    {
        Assert.Equal(0, CommandLineTests.Run("synth", "--subjects", "5", "--repetitions", "1", "--frames", "8", "--out", _folder["faces"]).Code);
        (int code, _, string error) = CommandLineTests.Run(
            "reduce", "--data", Path.Combine(_folder["faces"], "landmarks.csv"), "--emotion", "happiness", "--keep", "68,17,8", "--folds", "3", "--inner-folds", "2", "--ranking-seeds", "2", "--controls", "random:1",
            "--hidden", "4,3", "--epochs", "4", "--frames", "6", "--out", _folder["run"], "--quiet");
        Assert.True(code == 0, error);
        Result = ResultFiles.Read(Folder);
    }

    public string Folder => _folder["run"];

    public ReductionResult Result { get; }

    public void Dispose() => _folder.Dispose();
}

/// <summary>The tables are whole, are what <c>docs/files.md</c> says, and others can read them.</summary>
public sealed partial class RunTablesTests(SmallRun run) : IClassFixture<SmallRun>
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(ReadmeFile.Root(), "docs", "files.md"));

    [Theory]
    [InlineData("predictions.csv")]
    [InlineData("ranking.csv")]
    [InlineData("stages.csv")]
    [InlineData("folds.csv")]
    [InlineData("attributions.parquet")]
    public async Task Columns_are_those_of_the_page(string file)
    {
        string[] expected = [.. Said(file).SelectMany(n => n == "rank_fold_N" ? ["rank_fold_1", "rank_fold_2", "rank_fold_3"] : new[] { n.Replace("CONTROL", "random", StringComparison.Ordinal) })];
        Assert.Equal(expected, file.EndsWith(".csv", StringComparison.Ordinal) ? Rows(file)[0] : [.. (await SchemaAsync()).GetDataFields().Select(f => f.Name)]);
    }

    [Fact]
    public void Columns_of_other_verbs_are_those_of_the_page_too()
    {
        string model = Path.Combine(run.Folder, "models", "happiness.safetensors"), faces = Path.Combine(run.Folder, "..", "faces");
        foreach ((string verb, string[] tables) in new[] { ("predict", (string[])["predictions.csv"]), ("explain", ["ranking.csv", "frames.csv"]) })
        {
            string to = Path.Combine(run.Folder, "..", verb);
            (int code, _, string error) = CommandLineTests.Run(verb, model, "--data", faces, "--out", to, "--quiet");
            Assert.True(code == 0, error);
            foreach (string table in tables) Assert.Equal(Said($"{verb}: {table}"), File.ReadLines(Path.Combine(to, table)).First().Split(','));
        }
    }

    [Fact]
    public void Rows_are_whole_and_hold_the_numbers_of_the_results()
    {
        EmotionResult e = run.Result.Emotions.Single();
        string[][] predictions = Rows("predictions.csv")[1..], stages = Rows("stages.csv")[1..], folds = Rows("folds.csv")[1..];
        Assert.Equal(40 * e.Stages.Count, predictions.Length);
        Assert.All(predictions, p => Assert.Equal(1 / (1 + Math.Exp(-Number(p[7]))), Number(p[8]), 1e-12));
        Assert.All(predictions, p => Assert.Equal(p[2] == "happiness" ? "1" : "0", p[9]));
        for (int i = 0; i < 40; i++) Assert.Equal(e.Stages[0].Logits[i], Number(predictions[i][7]), 1e-5 * Math.Max(1, Math.Abs(e.Stages[0].Logits[i])));
        Assert.Equal(e.Stages.Select(s => s.BalancedAccuracy), stages.Select(s => Number(s[3])));
        Assert.Equal("", stages[0][^1]);
        Assert.Equal(e.Stages[1].Controls["random"].Auc, Number(stages[1][^1]));
        Assert.Equal(["1", "2", "3"], folds.Select(f => f[1]));
        Assert.Equal(e.ByFold.Select(f => string.Join(' ', f.Kept)), folds.Select(f => f[^1]));
        Assert.DoesNotContain("NaN", File.ReadAllText(Path.Combine(run.Folder, "results.json")), StringComparison.Ordinal);

        // What each fold's networks looked at is kept, a share for each landmark, and is not the same in all.
        Assert.All(e.ByFold, f => Assert.Equal((68, 68), (f.Relevance.Count, f.Signed.Count)));
        Assert.NotEqual(e.ByFold[0].Relevance, e.ByFold[1].Relevance);
    }

    [Fact]
    public async Task Attributions_are_of_every_tested_clip_landmark_and_frame()
    {
        (string[] clips, int[] landmarks, int?[] frames, float[] values) = await AttributionsAsync();

        // Six frames, and one row for the features of no moment that the default has.
        Assert.Equal(40 * 68 * 7, values.Length);
        Assert.Equal(values.Length, Enumerable.Range(0, values.Length).Select(i => (clips[i], landmarks[i], frames[i])).Distinct().Count());
        Assert.Equal([null, .. Enumerable.Range(0, 6).Select(t => (int?)t)], frames.Distinct().Order());
        Assert.All(values, v => Assert.True(float.IsFinite(v)));
        Assert.Contains(values, v => v > 0);
        Assert.Contains(values, v => v < 0);
    }

    // Two series of two frames and one descriptor row; two landmarks of one channel.
    [Fact]
    public void Series_of_a_moment_add_up_and_descriptors_stand_apart()
    {
        FeatureSet features = new()
        {
            Time = 5,
            Blocks = [new("a", 0, 2, InTime: true), new("a spread", 2, 1, InTime: false), new("b", 3, 2, InTime: true)],
            Points = 2,
            Dimensions = 1,
            Values = ClipRows.From([], 0),
            Names = [],
            Labels = [],
            Subjects = [],
            Skipped = [],
        };
        ClipAttributions attributions = new(1, features);
        foreach (double times in new[] { 1.0, 3.0 })
            attributions.Add(new PairAttribution { Clip = 0, Baseline = 0, Values = [.. new double[] { 1, 2, 3, 4, 5, 6, 10, 20, 30, 40 }.Select(v => v * times)], Output = 1, BaselineOutput = 0, Gap = 0, Steps = 1 });
        Assert.Equal(3, ClipAttributions.Slots(features));
        Assert.Equal([22, 44, 66, 88, 10, 12], ClipAttributions.FromBytes(attributions.ToBytes()));
    }

    [Fact]
    public async Task The_recipe_for_pandas_gives_the_numbers_of_the_results()
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python) && (await RunAsync(Python, "-c", "import pandas")).Code == 0, "pandas is not installed (Debian: python3-pandas).");
        (int code, string output) = await RunAsync(Python, "-c", Block("python"));
        Assert.True(code == 0, output);
        EmotionResult e = run.Result.Emotions.Single();
        double said = Number(HappinessNumber().Match(output).Groups[1].Value);
        Assert.Equal(e.Stages.Single(s => s.Landmarks == e.Chosen.Landmarks).BalancedAccuracy, said, 1e-6);
        if (e.Saved.Count < 20) Assert.Contains($"[{string.Join(", ", e.Ranking.Where(r => e.Saved.Contains(r.Landmark)).Select(r => r.Landmark))[..8]}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_recipe_for_duckdb_gives_the_sums_of_the_table()
    {
        List<double> logits = [];
        await using (DuckDBConnection connection = new("DataSource=:memory:"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using DbCommand command = connection.CreateCommand();
            command.CommandText = Block("sql").Replace("'attributions.parquet'", $"'{Path.Combine(run.Folder, "attributions.parquet")}'", StringComparison.Ordinal).Replace("'ranking.csv'", $"'{Path.Combine(run.Folder, "ranking.csv")}'", StringComparison.Ordinal);
            await using DbDataReader reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await reader.ReadAsync(TestContext.Current.CancellationToken)) logits.Add(reader.GetDouble(2));
        }

        Assert.Equal(run.Result.Emotions.Single().Ranking.Select(r => r.Region).Distinct().Count(), logits.Count);
        (string[] clips, _, _, float[] values) = await AttributionsAsync();
        HashSet<string> shown = [.. run.Result.Clips.Where(c => c.Label == "happiness").Select(c => c.Name)];
        Assert.Equal(values.Where((_, i) => shown.Contains(clips[i])).Sum(v => (double)v) / shown.Count, logits.Sum(), 1e-4);
    }

    private static string Block(string language) => Regex.Match(s_page, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private string[][] Rows(string file) => [.. File.ReadLines(Path.Combine(run.Folder, file)).Select(l => l.Split(','))];

    private async Task<ParquetSchema> SchemaAsync()
    {
        await using FileStream stream = File.OpenRead(Path.Combine(run.Folder, "attributions.parquet"));
        ParquetReader reader = await ParquetReader.CreateAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        await using (reader.ConfigureAwait(false)) return reader.Schema;
    }

    private async Task<(string[] Clips, int[] Landmarks, int?[] Frames, float[] Values)> AttributionsAsync()
    {
        await using FileStream stream = File.OpenRead(Path.Combine(run.Folder, "attributions.parquet"));
        ParquetReader reader = await ParquetReader.CreateAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        await using (reader.ConfigureAwait(false))
        {
            List<string> clips = [];
            List<int> landmarks = [];
            List<int?> frames = [];
            List<float> values = [];
            for (int g = 0; g < reader.RowGroupCount; g++)
            {
                using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
                DataField[] fields = reader.Schema.GetDataFields();
                int rows = (int)group.RowCount;
                string?[] texts = new string?[rows];
                int[] whole = new int[rows];
                int?[] maybe = new int?[rows];
                float[] numbers = new float[rows];
                await group.ReadAsync(fields[0], texts.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
                await group.ReadAsync<int>(fields[5], whole.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
                await group.ReadAsync<int>(fields[6], maybe.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
                await group.ReadAsync<float>(fields[7], numbers.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
                clips.AddRange(texts!);
                landmarks.AddRange(whole);
                frames.AddRange(maybe);
                values.AddRange(numbers);
            }

            return ([.. clips], [.. landmarks], [.. frames], [.. values]);
        }
    }

    // The columns that a section of the page lists.
    private static string[] Said(string section) =>
        [.. s_page.Split("\n## ").Single(s => s.StartsWith(section, StringComparison.Ordinal)).Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal)).SelectMany(l => Name().Matches(l.Split('|')[1]).Select(m => m.Groups[1].Value))];

    private async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = run.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"happiness +([\d.]+)")]
    private static partial Regex HappinessNumber();
}
