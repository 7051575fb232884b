using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace EmotionXai.Engine.Exchange;

/// <summary>Writes fields of a protocol buffer message: a tag (field number and wire type), then the value.</summary>
internal sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>A whole number, seven bits a byte, lowest first.</summary>
    public void Number(int field, long value)
    {
        Varint(ProtoWire.Tag(field, ProtoWire.Varint));
        Varint((ulong)value);
    }

    /// <summary>A float32, four bytes.</summary>
    public void Float(int field, float value)
    {
        Varint(ProtoWire.Tag(field, ProtoWire.Fixed32));
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.Write(bytes);
    }

    /// <summary>A text, in UTF-8; none where it is empty, which is what a reader takes a missing one for.</summary>
    public void Text(int field, string text)
    {
        if (text.Length > 0) Bytes(field, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>A text of a list, where an empty one counts.</summary>
    public void Item(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    /// <summary>Bytes, after their length.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Varint(ProtoWire.Tag(field, ProtoWire.Bytes));
        Varint((ulong)bytes.Length);
        _bytes.Write(bytes);
    }

    /// <summary>A message within this one.</summary>
    public void Message(int field, Action<ProtoWriter> write) => Bytes(field, Of(write));

    /// <summary>The bytes of a message.</summary>
    public static ReadOnlySpan<byte> Of(Action<ProtoWriter> write)
    {
        ProtoWriter writer = new();
        write(writer);
        return writer._bytes.WrittenSpan;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }
}

/// <summary>How the fields of a protocol buffer message are told apart.</summary>
internal static class ProtoWire
{
    public const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    public static ulong Tag(int field, int wire) => ((ulong)field << 3) | (uint)wire;
}
