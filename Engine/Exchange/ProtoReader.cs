using System.Buffers.Binary;
using System.Text;

namespace EmotionXai.Engine.Exchange;

/// <summary>
/// Walks the fields of a protocol buffer message that nobody vouches for. What is no message throws <see cref="FormatException"/>:
/// a length is held against the bytes that are there before anything is made of it.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes)
{
    private const int LongestText = 1 << 20;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The number of the field that <see cref="Next"/> found.</summary>
    public int Field { get; private set; }

    private int Wire { get; set; }

    /// <summary>Goes to the next field; false at the end.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        ulong tag = Varint();
        (Field, Wire) = ((int)Math.Min(tag >> 3, int.MaxValue), (int)(tag & 7));
        return Field > 0 ? true : throw new FormatException("a field has no number");
    }

    /// <summary>The field as a whole number.</summary>
    public long Number() => Wire == ProtoWire.Varint ? (long)Varint() : throw Wrong();

    /// <summary>The field as a float32.</summary>
    public float Float() => Wire == ProtoWire.Fixed32 ? BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float))) : throw Wrong();

    /// <summary>The field as bytes or a message.</summary>
    public ReadOnlySpan<byte> Bytes() => Wire == ProtoWire.Bytes ? Take(Length()) : throw Wrong();

    /// <summary>The field as a text.</summary>
    public string Text()
    {
        ReadOnlySpan<byte> text = Bytes();
        return text.Length <= LongestText ? Encoding.UTF8.GetString(text) : throw new FormatException($"a text has {text.Length} bytes");
    }

    /// <summary>Adds the field's whole numbers to a list: one, or many packed together.</summary>
    public void Numbers(List<long> to)
    {
        if (Wire == ProtoWire.Varint)
        {
            to.Add((long)Varint());
            return;
        }

        ProtoReader packed = new(Bytes());
        while (!packed._rest.IsEmpty) to.Add((long)packed.Varint());
    }

    /// <summary>The bytes of the field's numbers of fixed size: one, or many packed together.</summary>
    public ReadOnlySpan<byte> Fixed(int size) => Wire switch
    {
        ProtoWire.Bytes => Bytes(),
        ProtoWire.Fixed32 or ProtoWire.Fixed64 => Take(size),
        _ => throw Wrong(),
    };

    /// <summary>Passes over the field.</summary>
    public void Skip()
    {
        switch (Wire)
        {
            case ProtoWire.Varint:
                Varint();
                break;
            case ProtoWire.Fixed64:
                Take(sizeof(ulong));
                break;
            case ProtoWire.Bytes:
                Take(Length());
                break;
            case ProtoWire.Fixed32:
                Take(sizeof(uint));
                break;
            default:
                throw Wrong();
        }
    }

    private int Length()
    {
        ulong length = Varint();
        return length <= (ulong)_rest.Length ? (int)length : throw new FormatException("a field is longer than what holds it");
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new FormatException("a number has more than ten bytes");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw new FormatException("it ends within a field");
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private readonly FormatException Wrong() => new($"field {Field} is of another kind than it has to be");
}
