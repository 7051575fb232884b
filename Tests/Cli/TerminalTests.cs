using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using EmotionXai.Cli;
using EmotionXai.Cli.Completion;
using EmotionXai.Landmarks.Reduction;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary>What the program says, where it says it, and how it helps to type.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Examples => [.. Verbs().SelectMany(v => v.Examples)];

    public static TheoryData<string> VerbNames => [.. Root().Subcommands.Select(c => c.Name)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Json_closes_every_computing_verb_and_nothing_else_is_on_standard_output()
    {
        string faces = _folder["faces"], run = _folder["run"], trained = _folder["trained"], data = Path.Combine(faces, "landmarks.csv");
        string[] small = ["--hidden", "4,3", "--epochs", "2", "--frames", "6"];
        JsonElement synth = Json("synth", "--subjects", "5", "--repetitions", "1", "--frames", "8", "--out", faces);
        Assert.Equal(40, synth.GetProperty("clips").GetInt32());

        JsonElement reduce = Json(["reduce", "--data", data, "--emotion", "happiness", "--keep", "68,8", "--folds", "2", "--inner-folds", "2", "--ranking-seeds", "1", "--controls", "motion", "--out", run, .. small]);
        EmotionResult emotion = ResultFiles.Read(run).Emotions.Single();
        JsonElement said = reduce.GetProperty("emotions")[0];
        Assert.Equal(emotion.Stages[0].BalancedAccuracy, said.GetProperty("all").GetProperty("balanced_accuracy").GetDouble());
        Assert.Equal(emotion.Chosen.Landmarks, said.GetProperty("kept").GetProperty("landmarks").GetInt32());
        Assert.Equal(emotion.Stages.Single(s => s.Landmarks == emotion.Chosen.Landmarks).Auc, said.GetProperty("kept").GetProperty("auc").GetDouble());

        JsonElement train = Json(["train", "--data", data, "--emotion", "happiness", "--out", trained, .. small]);
        string model = train.GetProperty("model").GetString()!;
        Assert.True(File.Exists(model));
        Assert.Equal(40, Json("predict", model, "--data", data, "--out", _folder["p"]).GetProperty("emotions")[0].GetProperty("clips").GetInt32());
        Assert.Equal(68, Json("explain", model, "--data", data, "--out", _folder["e"]).GetProperty("ranking").GetArrayLength());
        Assert.Contains("dense", Json("info").GetProperty("networks").EnumerateArray().Select(m => m.GetString()));
    }

    [Fact]
    public void Quiet_says_nothing_and_notes_go_to_standard_error()
    {
        string[] synth = ["synth", "--subjects", "2", "--repetitions", "1", "--frames", "4", "--out", _folder["faces"]];
        Assert.Equal((0, "", ""), CommandLineTests.Run([.. synth, "--quiet"]));
        string[] train = ["train", "--data", _folder["faces"], "--emotion", "happiness", "--hidden", "3", "--epochs", "20", "--frames", "4", "--out", _folder["t"], "--force"];
        Assert.Equal((0, "", ""), CommandLineTests.Run([.. train, "--quiet"]));
        (int code, string output, string error) = CommandLineTests.Run(train);
        Assert.Equal(0, code);
        Assert.DoesNotContain("epoch 20 of 20", output, StringComparison.Ordinal);
        string[] lines = error.TrimEnd('\n').Split('\n');
        Assert.Equal(10, lines.Length);
        Assert.Matches(@"^epoch 20 of 20, loss \d+\.\d{4}, about 0 s left$", lines[^1]);
        Assert.DoesNotContain('\e', error + output);

        (code, output, error) = CommandLineTests.Run([.. train, "--emotion", "boredom", "--quiet", "--json"]);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reduec", "'reduec' is no verb; did you mean 'reduce'?")]
    [InlineData("explian m", "did you mean 'explain'?")]
    [InlineData("view --prot 1", "'--prot' is no option of view; did you mean '--port'?")]
    [InlineData("reduce --epcohs 3", "'--epcohs' is no option of reduce; did you mean '--epochs'?")]
    [InlineData("reduce --epcohs=3", "did you mean '--epochs'?")]
    [InlineData("reduce --learn 3", "did you mean '--learning-rate'?")]
    [InlineData("reduce --emotion happiness --fodls 3", "did you mean '--folds'?")]
    [InlineData("train --emoton happiness", "did you mean '--emotion'?")]
    [InlineData("reduce --hepl", "did you mean '--help'?")]
    [InlineData("quux", "'quux' is no verb; choose reduce, train")]
    [InlineData("reduce --quux", "'--quux' is no option of reduce. See: emotionxai reduce --help")]
    [InlineData("completion tcsh", "choose bash, zsh, fish")]
    public void A_slip_of_the_fingers_is_understood(string line, string says)
    {
        (int code, string output, string error) = CommandLineTests.Run(line.Split(' '));
        Assert.Equal((2, ""), (code, output));
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reduce", "reduce", 0)]
    [InlineData("reduec", "reduce", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Errors_are_counted(string a, string b, int errors)
    {
        Assert.Equal(errors, Spelling.Errors(a, b));
        Assert.Equal(errors, Spelling.Errors(b, a));
    }

    [Theory]
    [MemberData(nameof(VerbNames))]
    public void Help_of_every_verb_ends_with_its_examples(string name)
    {
        Verb verb = Verbs().Single(v => v.Name == name);
        (int code, string output, string error) = CommandLineTests.Run(name, "--help");
        Assert.Equal((0, ""), (code, error));
        Assert.NotEmpty(verb.Examples);
        string[] expected = ["Examples:", .. verb.Examples.Select(e => $"  emotionxai {e}")];
        Assert.Equal(expected, output.TrimEnd('\n').Split('\n')[^expected.Length..]);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_parses_and_fits_80_columns(string example)
    {
        Assert.InRange($"  emotionxai {example}".Length, 1, 80);
        ParseResult parsed = Application.Parse([.. example.Split(' ').TakeWhile(w => !w.StartsWith('>'))], Root());
        Assert.Null(Mistake.In(parsed));
    }

    [Theory]
    [InlineData(80, "happiness")]
    [InlineData(80, "a very long name of an emotion")]
    [InlineData(120, "happiness")]
    public void The_closing_table_fits_its_terminal(int width, string name)
    {
        using StringWriter writer = new();
        ClosingTable.Write(writer, SampleRun.Of(name), width);
        Assert.All(writer.ToString().Split('\n'), line => Assert.InRange(line.Length, 0, width));
        Assert.Contains("128 of 468", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("0.930 [0.90, 0.96]", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("+0.150", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("0.777", writer.ToString(), StringComparison.Ordinal);
    }

    // "AUC kept", its rival and the difference, as they stand in a row: all three at the same number of landmarks.
    [Fact]
    public void A_row_of_the_closing_table_sets_side_by_side_what_the_test_compared()
    {
        ReductionResult result = Report.Runs.Of("ibug68");
        using StringWriter writer = new();
        ClosingTable.Write(writer, result, 1000);
        string[] lines = writer.ToString().Split('\n'), titles = Cells(lines.First(l => l.StartsWith("emotion ", StringComparison.Ordinal)));
        foreach (EmotionResult emotion in result.Emotions)
        {
            string[] row = Cells(lines.First(l => l.StartsWith(emotion.Name, StringComparison.Ordinal)));
            foreach (PairedDifference test in emotion.Differences)
            {
                Assert.Equal(emotion.Chosen.Landmarks, test.Landmarks);
                Assert.Equal((Text(test.Auc), Text(test.AucAgainst)), (Cell("AUC kept"), Cell(test.Against)));
                Assert.StartsWith(test.Difference.ToString("+0.000;-0.000", System.Globalization.CultureInfo.InvariantCulture), Cell($"kept - {test.Against}"), StringComparison.Ordinal);
            }

            string Cell(string title) => row[Array.IndexOf(titles, title)];
        }

        static string Text(double value) => value.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture);
        static string[] Cells(string line) => [.. line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }

    [Theory]
    [InlineData("", "red", "reduce")]
    [InlineData("reduce", "--net", "--network")]
    [InlineData("reduce --network", "b", "bilstm")]
    [InlineData("train --optimizer", "adam", "adam,adam-w")]
    [InlineData("explain --method", "gradient-x", "gradient-x-input")]
    [InlineData("completion", "f", "fish")]
    [InlineData("predict", "mod", "model.safetensors")]
    [InlineData("predict x --data", "mod", "model.safetensors")]
    [InlineData("reduce --hidden", "mod", "")]
    public async Task Bash_completes(string typed, string word, string expected)
    {
        _folder.Write("emotionxai.bash", Shells.Script("bash", CompletionTree.Of(Root())));
        _folder.Write("model.safetensors", "");
        string words = string.Join(' ', typed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend("emotionxai").Append(word).Select(w => $"'{w}'"));
        string script = $"source ./emotionxai.bash; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); _emotionxai; IFS=,; echo \"${{COMPREPLY[*]}}\"";
        Assert.Equal(expected, await Shell("bash", script));
    }

    [Theory]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    public async Task Other_shells_accept_their_scripts(string shell, string check)
    {
        string path = _folder.Write("script", Shells.Script(shell, CompletionTree.Of(Root())));
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(p => File.Exists(Path.Combine(p, shell))), $"{shell} is not installed.");
        Assert.Equal("", await Shell("bash", $"{shell} {check} {path}"));
    }

    private static RootCommand Root() => Application.Create(TextWriter.Null, TextWriter.Null);

    private static IEnumerable<Verb> Verbs() => Root().Subcommands.OfType<Verb>();

    private static JsonElement Json(params string[] args)
    {
        (int code, string output, string error) = CommandLineTests.Run([.. args, "--json"]);
        Assert.True(code == 0, error);
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Equal(args[0], document.RootElement.GetProperty("verb").GetString());
        return document.RootElement.Clone();
    }

    private async Task<string> Shell(string shell, string script)
    {
        ProcessStartInfo start = new(shell, ["-c", script]) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (output + await error).TrimEnd('\n');
    }
}
