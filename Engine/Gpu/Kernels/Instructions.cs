using System.Reflection;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.Runtime.Cuda;
using Registers = ILGPU.Backends.RegisterAllocator<ILGPU.Backends.PTX.PTXRegisterKind>;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// Instructions of NVIDIA's that C# has no words for, from sm_80 on. In a kernel's PTX a call is the one instruction; elsewhere (the
/// emulation, OpenCL, older cards) the copies are plain ones, and no kernel with the others is launched.
/// </summary>
internal static class Instructions
{
    /// <summary>Makes them known to a context; before its devices are opened.</summary>
    public static void Register(Context.Builder builder)
    {
        IntrinsicImplementationManager manager = builder.GetIntrinsicManager();
        foreach (string name in (string[])[nameof(Hold), nameof(CopyOne), nameof(CopyFour), nameof(CommitCopies), nameof(AwaitCopies)])
        {
            manager.RegisterMethod(Method(name), Written(name));
            manager.RegisterMethod(Method(name), new CLIntrinsic(typeof(Plain), name, IntrinsicImplementationMode.Redirect));
        }

        foreach (string name in (string[])[nameof(LoadMatrices), nameof(RoundTf32), nameof(PackBf16), nameof(MultiplyTf32), nameof(MultiplyBf16)]) manager.RegisterMethod(Method(name), Written(name));

        static MethodInfo Method(string name) => typeof(Instructions).GetMethod(name, BindingFlags.Static | BindingFlags.Public)!;

        static PTXIntrinsic Written(string name) => new(typeof(Writer), name, IntrinsicImplementationMode.GenerateCode);
    }

    /// <summary>The value, computed where this stands: the compiler would compute it again wherever it is used, within loops too.</summary>
    [IntrinsicImplementation]
    public static int Hold(int value) => value;

    /// <summary>Begins to copy an element from global to shared memory.</summary>
    [IntrinsicImplementation]
    public static void CopyOne(ref float to, ref float from) => to = from;

    /// <summary>Begins to copy four elements, both places aligned to 16 bytes.</summary>
    [IntrinsicImplementation]
    public static void CopyFour(ref Float4 to, ref Float4 from) => to = from;

    /// <summary>Closes the group of the copies that this thread has begun since the last.</summary>
    [IntrinsicImplementation]
    public static void CommitCopies()
    {
    }

    /// <summary>Waits for all groups of this thread's copies but the last.</summary>
    [IntrinsicImplementation]
    public static void AwaitCopies()
    {
    }

    /// <summary>
    /// Four matrices of eight rows of four words from shared memory; lane 8 j + r says where row r of matrix j lies. Component j of
    /// lane l is word l mod 4 of row l / 4 of matrix j.
    /// </summary>
    [IntrinsicImplementation]
    public static Quad LoadMatrices(ref Quad row) => throw new NotSupportedException();

    /// <summary>The word of the nearest TF32, ties away from zero.</summary>
    [IntrinsicImplementation]
    public static uint RoundTf32(float value) => throw new NotSupportedException();

    /// <summary>The nearest bfloat16 of two values, ties to even, <paramref name="low"/> in the lower half of the word.</summary>
    [IntrinsicImplementation]
    public static uint PackBf16(float high, float low) => throw new NotSupportedException();

    /// <summary>sums + a warp's product of TF32, 16 x 8 by 8 x 8.</summary>
    [IntrinsicImplementation]
    public static Float4 MultiplyTf32(Float4 sums, Quad a, uint b0, uint b1) => throw new NotSupportedException();

    /// <summary>sums + a warp's product of bfloat16, 16 x 16 by 16 x 8.</summary>
    [IntrinsicImplementation]
    public static Float4 MultiplyBf16(Float4 sums, Quad a, uint b0, uint b1) => throw new NotSupportedException();

    /// <summary>What stands for them in OpenCL.</summary>
    private static class Plain
    {
        public static int Hold(int value) => value;

        public static void CopyOne(ref float to, ref float from) => to = from;

        public static void CopyFour(ref Float4 to, ref Float4 from) => to = from;

        public static void CommitCopies()
        {
        }

        public static void AwaitCopies()
        {
        }
    }

    /// <summary>Writes them into a kernel's PTX. A call's arguments are known as registers; addresses know their space.</summary>
    private static class Writer
    {
        public static void Hold(PTXBackend backend, PTXCodeGenerator code, Value call) => Convert("mov.b32", code, call);

        public static void CopyOne(PTXBackend backend, PTXCodeGenerator code, Value call) => Copy("cp.async.ca.shared.global", 1, backend, code, call);

        public static void CopyFour(PTXBackend backend, PTXCodeGenerator code, Value call) => Copy("cp.async.cg.shared.global", 4, backend, code, call);

        public static void CommitCopies(PTXBackend backend, PTXCodeGenerator code, Value call)
        {
            if (Runs(backend)) code.Command("cp.async.commit_group", null);
        }

        public static void AwaitCopies(PTXBackend backend, PTXCodeGenerator code, Value call)
        {
            if (Runs(backend)) code.Command("cp.async.wait_group 1", null);
        }

        public static void LoadMatrices(PTXBackend backend, PTXCodeGenerator code, Value call)
        {
            Registers.HardwareRegister address = code.LoadHardware(call[0]);
            Registers.PrimitiveRegister[] result = Parts(code.Allocate(call));
            using PTXCodeGenerator.CommandEmitter command = code.BeginCommand("ldmatrix.sync.aligned.m8n8.x4.shared.b16", null);
            command.AppendVectorArgument(result);
            command.AppendArgumentValue(address);
        }

        public static void RoundTf32(PTXBackend backend, PTXCodeGenerator code, Value call) => Convert("cvt.rna.tf32.f32", code, call);

        public static void PackBf16(PTXBackend backend, PTXCodeGenerator code, Value call)
        {
            Registers.PrimitiveRegister high = code.LoadPrimitive(call[0]), low = code.LoadPrimitive(call[1]);
            Registers.HardwareRegister result = code.AllocateHardware(call);
            using PTXCodeGenerator.CommandEmitter command = code.BeginCommand("cvt.rn.bf16x2.f32", null);
            command.AppendArgument(result);
            command.AppendArgument(high);
            command.AppendArgument(low);
        }

        public static void MultiplyTf32(PTXBackend backend, PTXCodeGenerator code, Value call) => Multiply("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", code, call);

        public static void MultiplyBf16(PTXBackend backend, PTXCodeGenerator code, Value call) => Multiply("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", code, call);

        // Whether copies run on their own; an older card loads and stores.
        private static bool Runs(PTXBackend backend) => backend.Architecture >= CudaArchitecture.SM_80;

        private static void Copy(string instruction, int elements, PTXBackend backend, PTXCodeGenerator code, Value call)
        {
            Registers.HardwareRegister to = code.LoadHardware(call[0]), from = code.LoadHardware(call[1]);
            if (Runs(backend))
            {
                using PTXCodeGenerator.CommandEmitter copy = code.BeginCommand(instruction, null);
                copy.AppendArgumentValue(to);
                copy.AppendArgumentValue(from);
                copy.AppendConstant(4 * elements);
                return;
            }

            Registers.PrimitiveRegister[] values = [.. Enumerable.Range(0, elements).Select(_ => code.AllocateRegister(BasicValueType.Float32, PTXRegisterKind.Float32))];
            string type = elements == 1 ? "f32" : "v4.f32";
            using (PTXCodeGenerator.CommandEmitter load = code.BeginCommand($"ld.global.{type}", null))
            {
                if (elements == 1) load.AppendArgument(values[0]);
                else load.AppendVectorArgument(values);
                load.AppendArgumentValue(from);
            }

            using PTXCodeGenerator.CommandEmitter store = code.BeginCommand($"st.shared.{type}", null);
            store.AppendArgumentValue(to);
            if (elements == 1) store.AppendArgument(values[0]);
            else store.AppendVectorArgument(values);
        }

        private static void Convert(string instruction, PTXCodeGenerator code, Value call)
        {
            Registers.PrimitiveRegister value = code.LoadPrimitive(call[0]);
            Registers.HardwareRegister result = code.AllocateHardware(call);
            using PTXCodeGenerator.CommandEmitter command = code.BeginCommand(instruction, null);
            command.AppendArgument(result);
            command.AppendArgument(value);
        }

        private static void Multiply(string instruction, PTXCodeGenerator code, Value call)
        {
            Registers.PrimitiveRegister[] sums = Parts(code.Load(call[0])), a = Parts(code.Load(call[1])), b = [code.LoadPrimitive(call[2]), code.LoadPrimitive(call[3])];
            Registers.PrimitiveRegister[] result = Parts(code.Allocate(call));
            using PTXCodeGenerator.CommandEmitter command = code.BeginCommand(instruction, null);
            command.AppendVectorArgument(result);
            command.AppendVectorArgument(a);
            command.AppendVectorArgument(b);
            command.AppendVectorArgument(sums);
        }

        private static Registers.PrimitiveRegister[] Parts(Registers.Register register) =>
            [.. ((Registers.CompoundRegister)register).Children.Cast<Registers.PrimitiveRegister>()];
    }
}
