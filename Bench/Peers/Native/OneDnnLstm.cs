using System.Runtime.InteropServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;

namespace EmotionXai.Bench.Peers.Native;

/// <summary>
/// An LSTM and its read-out for one clip by oneDNN 2: its weights once in the order that the library asks for, its descriptors as
/// memory that only the library looks into. Gates stand in the same order as ours.
/// </summary>
internal sealed unsafe partial class OneDnnLstm
{
    private const string Library = "libdnnl.so.2";

    // Of dnnl_types.h.
    private const int Cpu = 1, DefaultStream = 1, Float = 3, Inference = 96, LeftToRight = 0, WeightsOf = 131, DescriptorBytes = 696, OperationBytes = 15344;
    private const int Any = 1, Plain3 = 4, Plain4 = 5, Plain5 = 7;
    private const int SourceLayer = 1, TargetLayer = 17, WeightsLayer = 33, WeightsState = 34, Bias = 41;

    private readonly nint _engine, _stream, _primitive;
    private readonly Argument[] _arguments;
    private readonly float* _states;
    private readonly float[] _readout;
    private readonly float _readoutBias;
    private readonly int _time, _hidden;

    public OneDnnLstm(Classifier classifier, float[] clip)
    {
        (_time, int features) = (classifier.Time, classifier.Features);
        _hidden = classifier.Parameters.First(p => p.Name == "recurrent.state0").Value.Shape[0];
        _readout = Values(classifier, "readout.weight");
        _readoutBias = Values(classifier, "readout.bias")[0];
        OneDnn.Check(EngineCreate(out _engine, Cpu, 0));
        OneDnn.Check(StreamCreate(out _stream, _engine, DefaultStream));
        Descriptor source = new([_time, 1, features], Plain3), target = new([_time, 1, _hidden], Plain3), bias = new([1, 1, 4, _hidden], Plain4);
        Descriptor layer = new([1, 1, features, 4, _hidden], Any), state = new([1, 1, _hidden, 4, _hidden], Any), none = default;
        byte* operation = (byte*)NativeMemory.AllocZeroed(OperationBytes);
        OneDnn.Check(LstmForward(operation, Inference, LeftToRight, &source, &none, &none, &layer, &state, &bias, &target, &none, &none, 0));
        OneDnn.Check(PrimitiveDescribe(out nint described, operation, 0, _engine, 0));
        OneDnn.Check(PrimitiveCreate(out _primitive, described));
        NativeMemory.Free(operation);
        nint states = Memory(target, _engine, null);
        _states = Data(states);
        _arguments =
        [
            new(SourceLayer, Memory(source, _engine, clip)),
            new(WeightsLayer, Ordered(new([1, 1, features, 4, _hidden], Plain5), Query(described, WeightsOf, 0), Values(classifier, "recurrent.input"))),
            new(WeightsState, Ordered(new([1, 1, _hidden, 4, _hidden], Plain5), Query(described, WeightsOf, 1), Values(classifier, "recurrent.state0"))),
            new(Bias, Memory(bias, _engine, Values(classifier, "recurrent.bias"))),
            new(TargetLayer, states),
        ];
    }

    /// <summary>The logit of the clip.</summary>
    public float Run()
    {
        fixed (Argument* arguments = _arguments) OneDnn.Check(Execute(_primitive, _stream, _arguments.Length, arguments));
        OneDnn.Check(Wait(_stream));
        ReadOnlySpan<float> last = new(_states + ((_time - 1) * _hidden), _hidden);
        return _readoutBias + System.Numerics.Tensors.TensorPrimitives.Dot(last, _readout);
    }

    private static float[] Values(Classifier classifier, string name)
    {
        Parameter parameter = classifier.Parameters.First(p => p.Name == name);
        return parameter.Value.ToArray();
    }

    private static float* Data(nint memory)
    {
        OneDnn.Check(DataHandle(memory, out nint data));
        return (float*)data;
    }

    // A buffer of the library's own, as long as the process.
    private static nint Memory(Descriptor descriptor, nint engine, float[]? values)
    {
        OneDnn.Check(MemoryCreate(out nint memory, &descriptor, engine, -1));
        if (values is not null) values.CopyTo(new Span<float>(Data(memory), values.Length));
        return memory;
    }

    private nint Ordered(Descriptor plain, Descriptor* wanted, float[] values)
    {
        nint from = Memory(plain, _engine, values), to = Memory(*wanted, _engine, null);
        OneDnn.Check(ReorderDescribe(out nint described, &plain, _engine, wanted, _engine, 0));
        OneDnn.Check(PrimitiveCreate(out nint reorder, described));
        Argument* arguments = stackalloc Argument[] { new(SourceLayer, from), new(TargetLayer, to) };
        OneDnn.Check(Execute(reorder, _stream, 2, arguments));
        OneDnn.Check(Wait(_stream));
        return to;
    }

    [LibraryImport(Library, EntryPoint = "dnnl_engine_create")]
    private static partial int EngineCreate(out nint engine, int kind, nint index);

    [LibraryImport(Library, EntryPoint = "dnnl_stream_create")]
    private static partial int StreamCreate(out nint stream, nint engine, uint flags);

    [LibraryImport(Library, EntryPoint = "dnnl_stream_wait")]
    private static partial int Wait(nint stream);

    [LibraryImport(Library, EntryPoint = "dnnl_memory_desc_init_by_tag")]
    private static partial int DescriptorInit(Descriptor* descriptor, int rank, long* extents, int type, int tag);

    [LibraryImport(Library, EntryPoint = "dnnl_memory_create")]
    private static partial int MemoryCreate(out nint memory, Descriptor* descriptor, nint engine, nint data);

    [LibraryImport(Library, EntryPoint = "dnnl_memory_get_data_handle")]
    private static partial int DataHandle(nint memory, out nint data);

    [LibraryImport(Library, EntryPoint = "dnnl_lstm_forward_desc_init")]
    private static partial int LstmForward(
        byte* operation, int propagation, int direction, Descriptor* source, Descriptor* firstState, Descriptor* firstCell, Descriptor* layer, Descriptor* state, Descriptor* bias, Descriptor* target, Descriptor* lastState, Descriptor* lastCell, uint flags);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_desc_create")]
    private static partial int PrimitiveDescribe(out nint described, byte* operation, nint attributes, nint engine, nint hint);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_desc_query_md")]
    private static partial Descriptor* Query(nint described, int what, int index);

    [LibraryImport(Library, EntryPoint = "dnnl_reorder_primitive_desc_create")]
    private static partial int ReorderDescribe(out nint described, Descriptor* source, nint sourceEngine, Descriptor* target, nint targetEngine, nint attributes);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_create")]
    private static partial int PrimitiveCreate(out nint primitive, nint described);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_execute")]
    private static partial int Execute(nint primitive, nint stream, int count, Argument* arguments);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Argument(int Name, nint Memory);

    /// <summary>dnnl_memory_desc_t, which is public but not looked into here.</summary>
    [StructLayout(LayoutKind.Sequential, Size = DescriptorBytes)]
    private struct Descriptor
    {
        private long _first;

        public Descriptor(long[] extents, int tag)
        {
            fixed (long* e = extents)
            fixed (Descriptor* self = &this) OneDnn.Check(DescriptorInit(self, extents.Length, e, Float, tag));
        }
    }
}
