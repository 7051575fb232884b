namespace EmotionXai.Landmarks.Datasets;

/// <summary>A field of a Thrift structure as a reader that trusts its file takes it: what stands there, whatever the file calls it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Wire">Its type on the wire.</param>
/// <param name="Shape">Of a structure, or of a list's structures.</param>
/// <param name="Item">Of a list's items.</param>
internal sealed record ThriftField(int Id, Wire Wire, ThriftShape? Shape = null, Wire Item = Wire.Struct);

/// <summary>What a structure may hold. Fields that are not named may hold a number or bytes.</summary>
internal sealed record ThriftShape(params IReadOnlyList<ThriftField> Fields);

/// <summary>Types of the compact protocol. A boolean field is <see cref="True"/> or 2.</summary>
internal enum Wire
{
    /// <summary>The end of a structure.</summary>
    Stop = 0,

    /// <summary>A boolean.</summary>
    True = 1,

    /// <summary>A byte.</summary>
    Byte = 3,

    /// <summary>16 bits.</summary>
    I16 = 4,

    /// <summary>32 bits.</summary>
    I32 = 5,

    /// <summary>64 bits.</summary>
    I64 = 6,

    /// <summary>A double.</summary>
    Double = 7,

    /// <summary>Bytes or text.</summary>
    Binary = 8,

    /// <summary>A list.</summary>
    List = 9,

    /// <summary>A structure.</summary>
    Struct = 12,
}

/// <summary>
/// Walks through a structure in Thrift's compact protocol without believing it: no number runs over its type, no text or list is
/// longer than what is left, nothing is nested deeply, and known fields are of the type that readers take them for. Source: Apache
/// Thrift, "Thrift Compact protocol encoding".
/// </summary>
internal ref struct ThriftWalk(ReadOnlySpan<byte> bytes)
{
    private const int Deepest = 16;
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes walked through.</summary>
    public int Position { get; private set; }

    /// <summary>Told of every number, text and list of the structures that are walked; the path is the fields' numbers from the outside, lists by their items.</summary>
    public delegate void Visitor(ReadOnlySpan<int> path, long number, ReadOnlySpan<byte> text);

    /// <summary>Walks through a structure.</summary>
    /// <exception cref="EndOfStreamException">It goes on behind the end of the bytes.</exception>
    /// <exception cref="InvalidDataException">It breaks a rule; the message says which.</exception>
    public void Struct(ThriftShape shape, Visitor visit)
    {
        Span<int> path = stackalloc int[2 * Deepest];
        Struct(shape, visit, path, 0);
    }

    private void Struct(ThriftShape shape, Visitor visit, scoped Span<int> path, int depth)
    {
        if (depth >= Deepest) throw new InvalidDataException("it is nested too deeply");
        int id = 0;
        while (true)
        {
            int head = Byte(), step = head >> 4, type = head & 15;
            if (type == (int)Wire.Stop) return;
            int next = step == 0 ? (int)ZigZag(VarInt(3)) : id + step;
            if (next <= id || next > short.MaxValue) throw new InvalidDataException("its fields are out of order");
            id = next;
            path[depth] = id;
            ThriftField? field = null;
            foreach (ThriftField f in shape.Fields)
                if (f.Id == id) field = f;

            Wire wire = type == 2 ? Wire.True : (Wire)type;

            // Readers pass wrongly by what they do not know and what is not simple.
            if (field is null && wire > Wire.Binary) throw new InvalidDataException($"field {id} is of a later version of the format");
            if (field is not null && field.Wire != wire) throw new InvalidDataException($"field {id} is of another type than the format says");
            if (wire == Wire.True) visit(path[..(depth + 1)], type == 1 ? 1 : 0, default);
            else Value(wire, field, visit, path, depth);
        }
    }

    private void Value(Wire wire, ThriftField? field, Visitor visit, scoped Span<int> path, int depth)
    {
        switch (wire)
        {
            case Wire.Byte:
                Byte();
                break;
            case Wire.I16:
                visit(path[..(depth + 1)], ZigZag(VarInt(3)), default);
                break;
            case Wire.I32:
                visit(path[..(depth + 1)], ZigZag(VarInt(5)), default);
                break;
            case Wire.I64:
                visit(path[..(depth + 1)], ZigZag(VarInt(10)), default);
                break;
            case Wire.Double:
                Take(8);
                break;
            case Wire.Binary:
                ulong length = VarInt(5);
                if (length > int.MaxValue) throw new InvalidDataException("a text is too long");
                visit(path[..(depth + 1)], (long)length, Take((int)length));
                break;
            case Wire.List:
                int head = Byte();
                ulong count = head >> 4 == 15 ? VarInt(5) : (ulong)(head >> 4);
                Wire item = (Wire)(head & 15);
                if (item != field!.Item && count > 0) throw new InvalidDataException($"list {field!.Id} holds another type than the format says");
                Items(count, item, field, visit, path, depth);
                break;
            case Wire.Struct:
                Struct(field!.Shape!, visit, path, depth + 1);
                break;
            default:
                throw new InvalidDataException($"there is no type {(int)wire}");
        }
    }

    // An item takes a byte at least, so that the count is bounded by what is left.
    private void Items(ulong count, Wire item, ThriftField? field, Visitor visit, scoped Span<int> path, int depth)
    {
        if (count > (ulong)(_bytes.Length - Position)) throw new EndOfStreamException();
        if (depth + 1 >= Deepest) throw new InvalidDataException("it is nested too deeply");
        visit(path[..(depth + 1)], (long)count, default);
        for (ulong i = 0; i < count; i++)
        {
            path[depth + 1] = (int)i;
            Value(item, field, visit, path, depth + 1);
        }
    }

    private static long ZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private int Byte() => Position < _bytes.Length ? _bytes[Position++] : throw new EndOfStreamException();

    private ulong VarInt(int most)
    {
        ulong value = 0;
        for (int i = 0; i < most; i++)
        {
            int b = Byte();
            value |= (ulong)(b & 0x7F) << (7 * i);
            if (b < 0x80) return value;
        }

        throw new InvalidDataException("a number is too long");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - Position) throw new EndOfStreamException();
        ReadOnlySpan<byte> taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }
}
