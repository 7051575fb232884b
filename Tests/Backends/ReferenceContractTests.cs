using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Numerics;
using Xunit;

namespace EmotionXai.Tests.Backends;

public sealed class ReferenceContractTests : BackendContract
{
    protected override IBackend Create() => new ReferenceBackend();

    // Plain loops: a round takes a hundred times as long as with vectors.
    protected override int Rounds => 200;

    // The known answers of Random123 1.14, tests/kat_vectors.
    [Theory]
    [InlineData("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8")]
    [InlineData("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd")]
    [InlineData("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1")]
    public void Philox_gives_the_known_answers(string counter, string key, string words) =>
        Assert.Equal(Words(words), ReferencePhilox.Block(Words(counter), Words(key)));

    [Fact]
    public void Words_of_a_stream_are_numbered_across_blocks()
    {
        RandomKey key = new(0x299f31d0_a4093822, 0x03707344_13198a2e);
        ulong block = 0x05a308d3_243f6a88;
        uint[] want = ReferencePhilox.Block([0x243f6a88, 0x05a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]);
        Assert.Equal(want, Enumerable.Range(0, 4).Select(i => ReferencePhilox.Word(key, (4 * block) + (ulong)i)));
    }

    private static uint[] Words(string hex) => Array.ConvertAll(hex.Split(' '), word => Convert.ToUInt32(word, 16));
}
