using System.CommandLine;
using EmotionXai.Cli;
using EmotionXai.Cli.Help;
using EmotionXai.Landmarks.Reduction;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary>A small surface: few options in sight, the rest from a file or by name, lists as they are typed.</summary>
public sealed class OptionTests : IDisposable
{
    private static readonly string[] s_small = ["--folds", "2", "--inner-folds", "2", "--ranking-seeds", "1", "--controls", "none", "--epochs", "1"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_options_of_a_run_make_it_again()
    {
        string data = Faces();
        ReductionResult first = Reduce(
            "first", [
                "--data", data, "--emotion", "happiness", "--keep", "68", "8", .. s_small, "--frames", "5", "--align", "per-frame", "--hidden", "4", "3", "--activation", "leaky-relu",
                "--network", "gru", "--optimizer", "adam", "--by", "region", "--seed", "7", "--rerank", "false", "--clip-norm", "2", "--dropout", "0.1", "--bootstrap-samples", "200",
            ]);
        ReductionResult again = Reduce("again", "--data", data, "--emotion", "happiness", "--config", Path.Combine(_folder["first"], "results.json"));
        Assert.Equal(first.Fingerprint, again.Fingerprint);

        // What is typed counts before what is set, and that before the file.
        ReductionResult other = Reduce("other", "--data", data, "--emotion", "happiness", "--config", Path.Combine(_folder["first"], "results.json"), "--set", "epochs=3", "seed=9", "--seed", "8");
        Assert.Equal("3", other.Options["epochs"].ToString());
        Assert.Equal("8", other.Options["seed"].ToString());
        Assert.Equal("gru", other.Options["network"].ToString());
    }

    [Theory]
    [InlineData("--set nothing=1", "reduce has no option 'nothing'")]
    [InlineData("--set inner_fold=1", "did you mean 'inner_folds'?")]
    [InlineData("--set epochs", "give NAME=VALUE")]
    [InlineData("--set", "give NAME=VALUE")]
    [InlineData("--set epochs=0", "--epochs 0: give 1 or more")]
    [InlineData("--config", "give a JSON file")]
    [InlineData("--config nowhere.json", "no such file")]
    [InlineData("--config LIST", "no object of options")]
    [InlineData("--config TEXT", "this is no JSON")]
    [InlineData("--config=OTHER", "has no option 'happiness'")]
    public void What_a_file_or_a_name_cannot_say_is_told(string line, string says)
    {
        string list = _folder.Write("list.json", "[1]"), text = _folder.Write("text.json", "epochs: 3"), other = _folder.Write("other.json", "{\"happiness\": 3}");
        string[] args = [.. line.Split(' ').Select(a => a.Replace("LIST", list, StringComparison.Ordinal).Replace("TEXT", text, StringComparison.Ordinal).Replace("OTHER", other, StringComparison.Ordinal))];
        (int code, _, string error) = CommandLineTests.Run(["reduce", .. args]);
        Assert.Equal(2, code);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_take_commas_or_blanks_and_labels_are_merged_and_left_out()
    {
        string data = Faces();
        ReductionResult result = Reduce(
            "run", ["--data", data, "--emotion", "happy,sadness", "anger", "--keep", "68", "8", "--label", "happy=happiness,surprise", "--without", "neutral,contempt", .. s_small, "--hidden", "3"]);
        Assert.Equal(["happy", "sadness", "anger"], result.Emotions.Select(e => e.Name));
        Assert.Equal(["anger", "disgust", "fear", "happy", "sadness"], result.Data.Labels.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(8, result.Data.Labels["happy"]);
        Assert.Contains("they have anger", CommandLineTests.Run("reduce", "--data", data, "--without", "boredom").Error, StringComparison.Ordinal);
        Assert.Contains("merged twice", CommandLineTests.Run("reduce", "--data", data, "--label", "a=fear", "b=fear").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_of_reduce_fits_two_screens_and_shows_the_rest_when_asked()
    {
        (int code, string output, _) = CommandLineTests.Run("reduce", "--help");
        string[] lines = output.Split('\n');
        Assert.Equal(0, code);
        Assert.InRange(lines.Length, 20, 100);
        Assert.All(lines, l => Assert.InRange(l.Length, 0, 80));
        Assert.InRange(lines.Count(l => l.StartsWith("  --", StringComparison.Ordinal)), 15, 26);
        Assert.DoesNotContain("--spectral-radius", output, StringComparison.Ordinal);
        string all = CommandLineTests.Run("reduce", "--help-all").Output;
        Assert.Contains("--spectral-radius", all, StringComparison.Ordinal);
        Assert.Contains(OptionGroups.Rest, all, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_of_a_verb_is_in_its_full_help()
    {
        RootCommand root = Application.Create(TextWriter.Null, TextWriter.Null);
        Verb.Open(root);
        foreach (Command verb in root.Subcommands)
        {
            Assert.NotEqual(0, verb.Options.Count + verb.Subcommands.Count + verb.Arguments.Count);
            string help = CommandLineTests.Run(verb.Name, "--help-all").Output;
            Assert.All(verb.Options.Where(o => !o.Hidden && o.Name != "--help"), o => Assert.Contains($"  {o.Name}", help, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("predict model.safetensors --help", "predict")]
    [InlineData("--trace models list", "face-models")]
    [InlineData("--version", "")]
    [InlineData("nonsense", "")]
    public void Only_the_verb_that_is_asked_for_has_its_options(string line, string verb)
    {
        RootCommand root = Application.Create(TextWriter.Null, TextWriter.Null);
        Application.Parse(line.Split(' '), root);
        Assert.Equal(verb.Length == 0 ? [] : [verb], root.Subcommands.Where(c => c.Options.Count > 0).Select(c => c.Name));
    }

    [Fact]
    public void A_file_of_words_may_ask_for_any_verb()
    {
        string words = _folder.Write("words", "predict\n--nonsense\n");
        Assert.Contains("option of predict", CommandLineTests.Run("@" + words).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reduce --model random-dense --batch 8 --by-region --resume --data nowhere")]
    [InlineData("models list --models nowhere")]
    public void Words_of_before_are_still_understood(string line) => Assert.NotEqual(2, CommandLineTests.Run(line.Split(' ')).Code);

    private string Faces()
    {
        Assert.Equal(0, CommandLineTests.Run("synth", "--subjects", "4", "--repetitions", "1", "--frames", "6", "--out", _folder["faces"]).Code);
        return Path.Combine(_folder["faces"], "landmarks.csv");
    }

    private ReductionResult Reduce(string name, params string[] args)
    {
        (int code, _, string error) = CommandLineTests.Run(["reduce", .. args, "--out", _folder[name], "--quiet"]);
        Assert.True(code == 0, error);
        return ResultFiles.Read(_folder[name]);
    }
}
