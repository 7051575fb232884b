using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU;

namespace EmotionXai.Bench.Ptx;

/// <summary>
/// A kernel's struct as the bytes of its parameters: fields in order, each aligned to its size; a view is an address and a length; a
/// struct without fields has one byte.
/// </summary>
internal sealed class ParameterBlock
{
    private static readonly MethodInfo s_view = typeof(ParameterBlock).GetMethod(nameof(View), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly GlobalMemory _memory;
    private readonly byte[] _bytes;
    private readonly HashSet<(int At, int Bytes)> _fields = [];

    private ParameterBlock(GlobalMemory memory, int size) => (_memory, _bytes) = (memory, new byte[size]);

    /// <summary>The bytes, once it is certain that the kernel reads its parameters where they lie.</summary>
    public static byte[] Of(object kernel, PtxProgram program, GlobalMemory memory)
    {
        ParameterBlock block = new(memory, program.Text.ParameterBytes);
        Type type = kernel.GetType();
        int end = block.Write(kernel, type, 0);
        if (Up(end, Alignment(type)) != program.Text.ParameterBytes) throw new InvalidOperationException($"{program.Name}: {end} bytes of parameters, the PTX has {program.Text.ParameterBytes}.");
        foreach ((int At, int Bytes) read in program.Parameters)
            if (!block._fields.Contains(read)) throw new InvalidOperationException($"{program.Name}: the PTX reads {read.Bytes} bytes of parameters at {read.At}, where no field lies.");
        return block._bytes;
    }

    private int Write(object value, Type type, int at)
    {
        if (IsView(type))
        {
            (nint address, long length, int size) = ((nint, long, int))s_view.MakeGenericMethod(type.GenericTypeArguments).Invoke(null, [value])!;
            return Write(length, Write(length == 0 ? 0 : (long)_memory.Add(address, length * size), at));
        }

        if (type.IsPrimitive) return Write(value, at);
        FieldInfo[] fields = Fields(type);
        at = Up(at, Alignment(type));
        if (fields.Length == 0) return Write((byte)0, at);
        int start = at;
        foreach (FieldInfo field in fields) at = Write(field.GetValue(value)!, field.FieldType, Up(at, Alignment(field.FieldType)));
        return start + Up(at - start, Alignment(type));
    }

    private int Write(object value, int at)
    {
        Span<byte> to = _bytes.AsSpan(at);
        int size = Size(value.GetType());
        switch (value)
        {
            case byte x: to[0] = x; break;
            case int x: BinaryPrimitives.WriteInt32LittleEndian(to, x); break;
            case uint x: BinaryPrimitives.WriteUInt32LittleEndian(to, x); break;
            case float x: BinaryPrimitives.WriteSingleLittleEndian(to, x); break;
            case long x: BinaryPrimitives.WriteInt64LittleEndian(to, x); break;
            case ulong x: BinaryPrimitives.WriteUInt64LittleEndian(to, x); break;
            case double x: BinaryPrimitives.WriteDoubleLittleEndian(to, x); break;
            default: throw new NotSupportedException($"A kernel's field of type {value.GetType()} is not known.");
        }

        _fields.Add((at, size));
        return at + size;
    }

    private static bool IsView(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>);

    private static unsafe (nint Address, long Length, int Size) View<T>(ArrayView<T> view)
        where T : unmanaged => (view.Length == 0 ? 0 : (nint)Unsafe.AsPointer(ref view[0]), view.Length, sizeof(T));

    private static int Alignment(Type type)
    {
        if (type.IsPrimitive) return Size(type);
        if (IsView(type)) return sizeof(long);
        return Fields(type).Select(f => Alignment(f.FieldType)).DefaultIfEmpty(1).Max();
    }

    private static int Size(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => 1,
        TypeCode.Int64 or TypeCode.UInt64 or TypeCode.Double => 8,
        _ => 4,
    };

    private static FieldInfo[] Fields(Type type) =>
        [.. type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(f => f.MetadataToken)];

    private static int Up(int at, int to) => (at + to - 1) / to * to;
}
