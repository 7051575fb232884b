using EmotionXai.Tests.Backends;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary><c>--profile</c> as a user meets it.</summary>
public sealed class ProfileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_writes_a_trace_whose_slices_nest_and_the_same_model_as_without()
    {
        string faces = Under("faces"), trace = Under("traces/train.json");
        Assert.Equal(0, CommandLineTests.Run("synth", "--subjects", "4", "--repetitions", "1", "--frames", "6", "--out", faces).Code);
        string[] train = ["train", "--data", Path.Combine(faces, "landmarks.csv"), "--emotion", "happiness", "--hidden", "4", "--epochs", "2", "--threads", "2", "--out"];
        Assert.Equal(0, CommandLineTests.Run([.. train, Under("plain")]).Code);
        (int code, string output, string error) = CommandLineTests.Run([.. train, Under("watched"), "--profile", trace]);
        Assert.True(code == 0, error);

        List<Event> events = Profiles.Parse(File.ReadAllText(trace));
        Profiles.CheckNesting(events);
        Assert.Contains(events, e => e.Name == "train");
        Assert.Contains(events, e => e is { Name: "Multiply", MultiplyAdds: > 0, Gflops: > 0, PercentOfPeak: > 0 });
        Assert.Contains("% roof", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^Hardware counters(: none; \w.*|, of all threads: \d.* cycles, .*)\.$", output);
        Assert.Contains(trace, output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Under("plain"), "happiness.safetensors")), File.ReadAllBytes(Path.Combine(Under("watched"), "happiness.safetensors")));
    }

    [Fact]
    public void What_a_device_was_asked_for_stands_below_the_table()
    {
        string faces = Under("faces");
        Assert.Equal(0, CommandLineTests.Run("synth", "--subjects", "4", "--repetitions", "1", "--frames", "3", "--out", faces).Code);
        (int code, string output, string error) = CommandLineTests.Run(
            "train", "--data", Path.Combine(faces, "landmarks.csv"), "--emotion", "happiness", "--hidden", "4", "--epochs", "1", "--device", "emulated", "--out", Under("model"), "--profile", Under("trace.json"));
        Assert.True(code == 0, error);
        Assert.Matches(@"Device: [1-9]\d* launches, \d+\.\d MB up, \d+\.\d MB down, [1-9]\d* buffers, [1-9]\d* waits", output);
        Assert.DoesNotContain("was full", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_no_trace_file()
    {
        (int code, _, string error) = CommandLineTests.Run("train", "--data", "synthetic", "--emotion", "happiness", "--profile", _folder.Path);
        Assert.Equal(2, code);
        Assert.Contains("--profile", error, StringComparison.Ordinal);
        Assert.Contains("name a file", error, StringComparison.Ordinal);
    }

    private string Under(string name) => Path.Combine(_folder.Path, name);
}
