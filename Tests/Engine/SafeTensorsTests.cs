using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using EmotionXai.Engine.Serialization;
using Xunit;

namespace EmotionXai.Tests.Engine;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");

    [Fact]
    public void What_is_written_is_read()
    {
        NamedTensor[] tensors =
        [
            new("dense1.weight", [2, 3], [1, -0f, float.NaN, float.PositiveInfinity, float.Epsilon, float.MaxValue]),
            new("empty", [0, 5], []),
            new("scalar", [], [7]),
            new("naïve \"name\"", [1, 1, 1, 1, 1], [2]),
        ];
        Dictionary<string, string> metadata = new() { ["kind"] = "lstm", ["nothing"] = "", ["ünï"] = "{\"a\": 1}" };
        SafeTensors.Write(_path, tensors, metadata);
        Same(tensors, metadata);
        Assert.False(File.Exists(_path + ".tmp"));

        // The numbers start on a multiple of eight bytes, as the format asks for.
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(_path)) % 8);
    }

    [Fact]
    public void Whatever_is_written_is_read() =>
        Gen.Select(Gen.Int[0, 4].Array[0, 4], Gen.Int[0, 1000]).Array[0, 5].Sample(
            rows =>
            {
                NamedTensor[] tensors = [.. rows.Select((r, i) => new NamedTensor($"t{i}", r.Item1, Numbers.Singles(r.Item2, r.Item1.Aggregate(1, (p, e) => p * e))))];
                SafeTensors.Write(_path, tensors, new Dictionary<string, string>());
                Same(tensors, new Dictionary<string, string>());
            },
            iter: 50,
            threads: 1);

    [Fact]
    public void A_file_cut_anywhere_is_damaged()
    {
        SafeTensors.Write(_path, [new("a", [2], [1, 2]), new("b", [1], [3])], new Dictionary<string, string> { ["k"] = "v" });
        byte[] whole = File.ReadAllBytes(_path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_path, whole[..length]);
            InvalidDataException e = Assert.Throws<InvalidDataException>(() => SafeTensors.Read(_path));
            Assert.Contains(_path, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_with_any_byte_of_its_header_changed_is_read_or_damaged()
    {
        SafeTensors.Write(_path, [new("a", [2, 1], [1, 2]), new("b", [1], [3])], new Dictionary<string, string> { ["k"] = "v" });
        byte[] whole = File.ReadAllBytes(_path);
        foreach (byte other in "0-9,\"]}x\0\xFF"u8.ToArray())
        {
            for (int at = 0; at < whole.Length - 12; at++)
            {
                byte[] changed = [.. whole];
                changed[at] = other;
                File.WriteAllBytes(_path, changed);
                try
                {
                    Assert.All(SafeTensors.Read(_path).Tensors, t => Assert.Equal(t.Values.Length, t.Extents.Aggregate(1, (p, e) => p * e)));
                }
                catch (InvalidDataException)
                {
                    // What damage must lead to, if it leads to anything.
                }
            }
        }
    }

    [Theory]
    [InlineData("wrong type", """{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""")]
    [InlineData("no type", """{"a":{"shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("type is a number", """{"a":{"dtype":32,"shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("no shape", """{"a":{"dtype":"F32","data_offsets":[0,4]}}""")]
    [InlineData("fractional extent", """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""")]
    [InlineData("extent beyond int", """{"a":{"dtype":"F32","shape":[4294967297],"data_offsets":[0,4]}}""")]
    [InlineData("negative extents with a positive product", """{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""")]
    [InlineData("negative extent", """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[4,0]}}""")]
    [InlineData("negative extents beside zero", """{"a":{"dtype":"F32","shape":[-3,0],"data_offsets":[0,0]}}""")]
    [InlineData("extents whose product overflows to 0", """{"a":{"dtype":"F32","shape":[65536,65536,65536,65536],"data_offsets":[0,0]}}""")]
    [InlineData("bytes that overflow to 0", """{"a":{"dtype":"F32","shape":[2147483648,2147483648],"data_offsets":[0,0]}}""")]
    [InlineData("bytes that overflow to 0, each extent an int", """{"a":{"dtype":"F32","shape":[1073741824,1073741824,4],"data_offsets":[0,0]}}""")]
    [InlineData("huge extent", """{"a":{"dtype":"F32","shape":[2147483647],"data_offsets":[0,8589934588]}}""")]
    [InlineData("one offset", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""")]
    [InlineData("no offset", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[]}}""")]
    [InlineData("offsets no array", """{"a":{"dtype":"F32","shape":[1],"data_offsets":4}}""")]
    [InlineData("offset into the header", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""")]
    [InlineData("offsets beyond the file", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""")]
    [InlineData("offsets at the end of long", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775804,9223372036854775807]}}""")]
    [InlineData("offsets beyond long", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[18446744073709551612,18446744073709551616]}}""")]
    [InlineData("offsets whose difference overflows", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775807,-9223372036854775805]}}""")]
    [InlineData("offsets reversed", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""")]
    [InlineData("offsets too wide", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""")]
    [InlineData("a name twice", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]
    [InlineData("an array", "[1,2]")]
    [InlineData("a number", "12345")]
    [InlineData("an entry that is a string", """{"a":"F32"}""")]
    [InlineData("metadata that is no object", """{"__metadata__":3}""")]
    [InlineData("metadata that is no string", """{"__metadata__":{"a":3}}""")]
    [InlineData("no JSON", "{nonsense}")]
    public void Headers_that_lie_are_damage(string what, string header)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        File.WriteAllBytes(_path, [.. length, .. json, .. new byte[8]]);
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => SafeTensors.Read(_path));
        Assert.True(e.Message.Contains(_path, StringComparison.Ordinal), what);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000_001)]
    [InlineData(100)]
    public void Header_lengths_that_lie_are_damage(long length)
    {
        byte[] bytes = new byte[64];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        File.WriteAllBytes(_path, bytes);
        Assert.Throws<InvalidDataException>(() => SafeTensors.Read(_path));
    }

    [Fact]
    public void Other_files_and_none_are_told_apart()
    {
        File.WriteAllText(_path, "Once upon a time there was a file that was not a model at all.");
        Assert.Throws<InvalidDataException>(() => SafeTensors.Read(_path));
        Assert.Contains("no such", Assert.Throws<FileNotFoundException>(() => SafeTensors.Read(_path + ".none")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_whose_values_do_not_fill_their_shape_are_not_written()
    {
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => SafeTensors.Write(_path, [new("a", [2, 2], new float[3])], new Dictionary<string, string>())).Message, StringComparison.Ordinal);
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => SafeTensors.Write(_path, [new("a", [1], [1]), new("a", [1], [2])], new Dictionary<string, string>())).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_path));
    }

    public void Dispose() => File.Delete(_path);

    private void Same(NamedTensor[] tensors, Dictionary<string, string> metadata)
    {
        (IReadOnlyList<NamedTensor> read, IReadOnlyDictionary<string, string> meta) = SafeTensors.Read(_path);
        Assert.Equal(metadata, meta);
        Assert.Equal(tensors.Select(t => t.Name), read.Select(t => t.Name));
        foreach ((NamedTensor expected, NamedTensor actual) in tensors.Zip(read))
        {
            Assert.Equal(expected.Extents, actual.Extents);
            Assert.True(MemoryMarshal.AsBytes<float>(expected.Values).SequenceEqual(MemoryMarshal.AsBytes<float>(actual.Values)));
        }
    }
}
