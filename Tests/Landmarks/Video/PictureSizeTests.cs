using System.Buffers.Binary;
using System.IO.Compression;
using EmotionXai.Landmarks.Video;
using OpenCvSharp;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Video;

/// <summary>Pictures that unfold to gigabytes are refused by their size, before anything is decoded.</summary>
public sealed class PictureSizeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_png_of_30000_by_30000_is_refused_by_its_head()
    {
        string path = _folder.Write("huge.png", Png(30_000, 30_000));
        using ClipFrames frames = ClipFrames.Open(new MediaClip("huge.png", [path]));
        using Mat frame = new();
        long before = Environment.WorkingSet;
        string message = Assert.Throws<InvalidDataException>(() => frames.Read(frame, out _)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains("million pixels", message, StringComparison.Ordinal);
        Assert.True(Environment.WorkingSet - before < 500_000_000, "no picture was decoded");
    }

    [Fact]
    public void A_picture_of_usual_size_is_read()
    {
        string path = _folder.Write("small.png", Png(64, 32));
        using ClipFrames frames = ClipFrames.Open(new MediaClip("small.png", [path]));
        using Mat frame = new();
        Assert.True(frames.Read(frame, out _));
        Assert.Equal((64, 32), (frame.Width, frame.Height));
    }

    // A black picture of one bit a pixel: a row of zeros compresses a thousand times.
    private static byte[] Png(int width, int height)
    {
        using MemoryStream packed = new();
        using (ZLibStream zip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] row = new byte[1 + ((width + 7) / 8)];
            for (int y = 0; y < height; y++) zip.Write(row);
        }

        byte[] head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        head[8] = 1;
        return [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Chunk("IHDR"u8, head), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        byte[] length = new byte[4], sum = new byte[4], body = [.. name, .. data];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc(body));
        return [.. length, .. body, .. sum];
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
