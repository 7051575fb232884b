using System.Net;
using System.Security.Cryptography;
using EmotionXai.Landmarks.Video;
using EmotionXai.Tests.Cli;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Video;

/// <summary>No model is used whose checksum is not right, and a download survives what lines do to it.</summary>
public sealed class ModelStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)((i * 31) ^ (i >> 7)))];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_good_model_is_used()
    {
        _folder.Write("model.bin", _content);
        Assert.Equal(_folder["model.bin"], Store.Require(Model(new Uri("http://nowhere/"))));
    }

    [Fact]
    public void A_missing_model_is_refused_with_the_remedy()
    {
        FileNotFoundException e = Assert.Throws<FileNotFoundException>(() => Store.Require(Model(new Uri("http://nowhere/"))));
        Assert.Contains("face-models fetch --face-models " + _folder.Path, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_model_is_refused_with_the_remedy()
    {
        _folder.Write("model.bin", _content[..1000]);
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Store.Require(Model(new Uri("http://nowhere/"))));
        Assert.Contains("cut off (1000 of 300000 bytes)", e.Message, StringComparison.Ordinal);
        Assert.Contains("models fetch", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(299_999)]
    public void A_model_with_one_other_bit_is_refused(int at)
    {
        _content[at] ^= 1;
        _folder.Write("model.bin", _content);
        _content[at] ^= 1;
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Store.Require(Model(new Uri("http://nowhere/"))));
        Assert.Contains("SHA-256", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_ends_with_the_right_file_and_is_not_repeated()
    {
        using ModelServer server = new(_content);
        Assert.True(await Fetch(server));
        Assert.False(await Fetch(server));
        Assert.Equal(_content, File.ReadAllBytes(_folder["model.bin"]));
        Assert.Single(server.Offsets);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_stopped_download_goes_on_where_it_was()
    {
        using ModelServer server = new(_content) { CutAfter = 100_000 };
        IOException e = await Assert.ThrowsAsync<IOException>(() => Fetch(server));
        Assert.Contains("goes on where it stopped", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["model.bin"]));
        long kept = new FileInfo(_folder["model.bin.part"]).Length;
        Assert.InRange(kept, 1, 100_000);
        server.CutAfter = int.MaxValue;
        Assert.True(await Fetch(server));
        Assert.Equal([0, kept], server.Offsets);
        Assert.Equal(_content, File.ReadAllBytes(_folder["model.bin"]));
    }

    [Fact]
    public async Task A_server_without_ranges_sends_all_again()
    {
        _folder.Write("model.bin.part", _content[..5000]);
        using ModelServer server = new(_content) { KnowsRanges = false };
        Assert.True(await Fetch(server));
        Assert.Equal(_content, File.ReadAllBytes(_folder["model.bin"]));
    }

    [Fact]
    public async Task Another_file_at_the_address_is_thrown_away()
    {
        byte[] other = [.. _content];
        other[17] ^= 1;
        using ModelServer server = new(other);
        InvalidDataException e = await Assert.ThrowsAsync<InvalidDataException>(() => Fetch(server));
        Assert.Contains("SHA-256", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_refusal_names_the_address_and_the_way_without_a_network()
    {
        using ModelServer server = new(_content) { Status = HttpStatusCode.NotFound };
        IOException e = await Assert.ThrowsAsync<IOException>(() => Fetch(server));
        Assert.Contains("404", e.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_verb_lists_and_refuses()
    {
        (int code, string output, _) = CommandLineTests.Run("models", "verify", "--models", _folder.Path);
        Assert.Equal(1, code);
        Assert.Contains("2 of 2 models are missing or damaged", output, StringComparison.Ordinal);
        (code, output, _) = CommandLineTests.Run("models", "list", "--models", _folder.Path);
        Assert.Equal(0, code);
        Assert.All(FaceModel.All, m => Assert.Contains(m.Sha256, output, StringComparison.Ordinal));
    }

    [Fact]
    public void The_real_models_pass()
    {
        (int code, string output, _) = CommandLineTests.Run("models", "verify", "--models", SharedData.RequireModels());
        Assert.Equal(0, code);
        Assert.Equal(2, output.Split("good.").Length - 1);
    }

    private ModelStore Store => ModelStore.Open(_folder.Path);

    private FaceModel Model(Uri address) => new("model.bin", "is a test", "none", address, _content.Length, Convert.ToHexStringLower(SHA256.HashData(_content)));

    private async Task<bool> Fetch(ModelServer server)
    {
        using HttpClient client = new();
        return await new ModelDownload(client, Store).FetchAsync(Model(server.Address), null, TestContext.Current.CancellationToken);
    }
}
