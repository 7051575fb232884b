using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary>Whatever is wrong ends in one line that says what to do, the right exit code, and nothing half-written.</summary>
public sealed class BadCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, "frobnicate", "frobnicate")]
    [InlineData(2, "reduce --frobnicate 3", "--frobnicate")]
    [InlineData(2, "reduce --keep 68,many", "'many' is no whole number")]
    [InlineData(2, "reduce --keep 99", "keep 1 to 68")]
    [InlineData(2, "reduce --keep 68,0", "keep 1 to 68")]
    [InlineData(2, "reduce --keep 8,34", "stages fall")]
    [InlineData(2, "reduce --features distances", "is a clip of several frames; leave --features out")]
    [InlineData(2, "train --data synthetic --emotion happiness --features positions,distances", "is a clip of several frames; leave --features out")]
    [InlineData(2, "reduce --features distances,fourier", "take distances, or positions,distances")]
    [InlineData(2, "reduce --data synthetic:mediapipe468 --features distances --keep 256,64,1", "stages of 256, 1 landmarks cannot be told by distances, which are taken between 2 to 100; take --keep 64,")]
    [InlineData(2, "train --data synthetic:mediapipe468 --emotion happiness --features distances", "name some with --landmarks")]
    [InlineData(2, "reduce --by region --keep 68,2", "end --keep with")]
    [InlineData(2, "reduce --by region --symmetric", "leave --symmetric out")]
    [InlineData(2, "reduce --by regoin", "region")]
    [InlineData(2, "reduce --model transformer", "choose dense, rnn, gru, lstm, bilstm")]
    [InlineData(2, "reduce --hidden 8,0", "1 unit or more")]
    [InlineData(2, "reduce --hidden x", "'x' is no whole number")]
    [InlineData(2, "reduce --activation step", "leaky-relu")]
    [InlineData(2, "reduce --pooling min", "last, mean, max")]
    [InlineData(2, "reduce --dropout 1", "below 1")]
    [InlineData(2, "reduce --epochs 0", "--epochs 0: give 1 or more")]
    [InlineData(2, "reduce --epochs ten", "ten")]
    [InlineData(2, "reduce --learning-rate -1", "--learning-rate")]
    [InlineData(2, "reduce --weight-decay NaN", "--weight-decay NaN")]
    [InlineData(2, "reduce --folds 1", "--folds 1")]
    [InlineData(2, "reduce --folds 400", "16 subjects")]
    [InlineData(2, "reduce --inner-folds 1", "give 2 or more")]
    [InlineData(2, "reduce --baseline black", "typical:K")]
    [InlineData(2, "reduce --baseline typical:0", "K of 1 or more")]
    [InlineData(2, "reduce --controls chance", "'chance' is no control")]
    [InlineData(2, "reduce --controls random:0", "N of 1 to 100")]
    [InlineData(2, "reduce --emotion boredom", "they have anger")]
    [InlineData(2, "reduce --device tpu", "choose cpu, reference, gpu, emulated")]
    [InlineData(2, "reduce --math tf32", "take --device gpu")]
    [InlineData(2, "reduce --device emulated --math fp8", "bf16")]
    [InlineData(2, "reduce --quadrature simpson", "gauss-legendre")]
    [InlineData(2, "reduce --align nose", "procrustes")]
    [InlineData(2, "synth --frames 1", "--frames 1: pictures are made of the cases")]
    [InlineData(2, "synth --turn 10", "--turn: heads are turned in the cases of the benchmark alone")]
    [InlineData(2, "synth --case noise --turn 60", "--turn: heads look 0 to 45 degrees away")]
    [InlineData(2, "reduce --threads 0", "--threads 0: give 1 or more")]
    [InlineData(2, "reduce --seed -1", "-1")]
    [InlineData(2, "reduce --data x.csv --format fbx", "--format fbx")]
    [InlineData(1, "reduce --data nowhere.csv", "nowhere.csv")]
    [InlineData(2, "train", "--emotion")]
    [InlineData(2, "train --data synthetic --emotion happiness --landmarks 68", "0 to 67")]
    [InlineData(2, "train --data synthetic --emotion boredom", "they have anger")]
    [InlineData(2, "train --emotion happiness", "--data synthetic")]
    [InlineData(2, "predict", "model")]
    [InlineData(2, "predict clips.csv", "no model is given")]
    [InlineData(2, "predict nowhere.safetensors", "synthetic for the synthetic faces")]
    [InlineData(1, "predict nowhere.safetensors synthetic", "nowhere.safetensors")]
    [InlineData(1, "explain nowhere.safetensors", "nowhere.safetensors")]
    [InlineData(2, "explain nowhere.safetensors --method magic", "gradient-x-input")]
    [InlineData(2, "synth --topology dlib5", "mediapipe468")]
    [InlineData(2, "synth --subjects 0", "--subjects 0: give 1 or more")]
    public void Is_one_line_that_names_the_remedy(int expected, string line, string says)
    {
        string folder = Path.Combine(_folder.Path, "out");
        string[] args = [.. line.Split(' ')];
        if (args[0] is "reduce" or "train" or "predict" or "explain" or "synth") args = [.. args, "--out", folder];
        (int code, _, string error) = CommandLineTests.Run(args);
        Assert.Equal(expected, code);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "results.json")));
        Assert.False(Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any());
    }

    [Fact]
    public void A_damaged_model_is_refused_by_name()
    {
        string path = Path.Combine(_folder.Path, "cut.safetensors");
        File.WriteAllBytes(path, [200, 0, 0, 0, 0, 0, 0, 0, (byte)'{']);
        (int code, _, string error) = CommandLineTests.Run("predict", path, "synthetic", "--out", Path.Combine(_folder.Path, "out"));
        Assert.Equal(1, code);
        Assert.Contains("cut.safetensors", error, StringComparison.Ordinal);
        Assert.Contains("again", error, StringComparison.Ordinal);
    }
}
