using ILGPU.Runtime.Cuda;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// A lane's 64 sums of a tensor kernel, as registers that the kernel declares itself: a product has four results, and ILGPU hands
/// out more than one only through memory. Block b of 16 x 8 of C has four of them.
/// </summary>
internal static class Accumulators
{
    public const string Operands = ", {%0, %1, %2, %3}, {%4, %5}, ";
    public const string Block0 = "{sum0, sum1, sum2, sum3}";
    public const string Block1 = "{sum4, sum5, sum6, sum7}";
    public const string Block2 = "{sum8, sum9, sum10, sum11}";
    public const string Block3 = "{sum12, sum13, sum14, sum15}";
    public const string Block4 = "{sum16, sum17, sum18, sum19}";
    public const string Block5 = "{sum20, sum21, sum22, sum23}";
    public const string Block6 = "{sum24, sum25, sum26, sum27}";
    public const string Block7 = "{sum28, sum29, sum30, sum31}";
    public const string Block8 = "{sum32, sum33, sum34, sum35}";
    public const string Block9 = "{sum36, sum37, sum38, sum39}";
    public const string Block10 = "{sum40, sum41, sum42, sum43}";
    public const string Block11 = "{sum44, sum45, sum46, sum47}";
    public const string Block12 = "{sum48, sum49, sum50, sum51}";
    public const string Block13 = "{sum52, sum53, sum54, sum55}";
    public const string Block14 = "{sum56, sum57, sum58, sum59}";
    public const string Block15 = "{sum60, sum61, sum62, sum63}";

    /// <summary>Declares them, once in a kernel, and sets them to zero.</summary>
    public static void Clear()
    {
        CudaAsm.Emit(".reg .f32 sum<64>;");
        CudaAsm.Emit("mov.f32 sum0, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum1, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum2, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum3, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum4, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum5, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum6, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum7, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum8, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum9, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum10, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum11, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum12, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum13, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum14, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum15, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum16, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum17, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum18, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum19, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum20, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum21, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum22, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum23, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum24, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum25, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum26, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum27, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum28, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum29, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum30, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum31, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum32, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum33, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum34, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum35, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum36, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum37, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum38, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum39, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum40, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum41, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum42, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum43, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum44, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum45, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum46, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum47, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum48, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum49, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum50, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum51, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum52, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum53, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum54, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum55, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum56, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum57, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum58, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum59, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum60, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum61, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum62, 0f00000000;");
        CudaAsm.Emit("mov.f32 sum63, 0f00000000;");
    }

    /// <summary>The sums of a block.</summary>
    public static Float4 Read(int block)
    {
        float x, y, z, w;
        switch (block)
        {
            case 0:
                CudaAsm.Emit("mov.f32 %0, sum0;", out x);
                CudaAsm.Emit("mov.f32 %0, sum1;", out y);
                CudaAsm.Emit("mov.f32 %0, sum2;", out z);
                CudaAsm.Emit("mov.f32 %0, sum3;", out w);
                break;
            case 1:
                CudaAsm.Emit("mov.f32 %0, sum4;", out x);
                CudaAsm.Emit("mov.f32 %0, sum5;", out y);
                CudaAsm.Emit("mov.f32 %0, sum6;", out z);
                CudaAsm.Emit("mov.f32 %0, sum7;", out w);
                break;
            case 2:
                CudaAsm.Emit("mov.f32 %0, sum8;", out x);
                CudaAsm.Emit("mov.f32 %0, sum9;", out y);
                CudaAsm.Emit("mov.f32 %0, sum10;", out z);
                CudaAsm.Emit("mov.f32 %0, sum11;", out w);
                break;
            case 3:
                CudaAsm.Emit("mov.f32 %0, sum12;", out x);
                CudaAsm.Emit("mov.f32 %0, sum13;", out y);
                CudaAsm.Emit("mov.f32 %0, sum14;", out z);
                CudaAsm.Emit("mov.f32 %0, sum15;", out w);
                break;
            case 4:
                CudaAsm.Emit("mov.f32 %0, sum16;", out x);
                CudaAsm.Emit("mov.f32 %0, sum17;", out y);
                CudaAsm.Emit("mov.f32 %0, sum18;", out z);
                CudaAsm.Emit("mov.f32 %0, sum19;", out w);
                break;
            case 5:
                CudaAsm.Emit("mov.f32 %0, sum20;", out x);
                CudaAsm.Emit("mov.f32 %0, sum21;", out y);
                CudaAsm.Emit("mov.f32 %0, sum22;", out z);
                CudaAsm.Emit("mov.f32 %0, sum23;", out w);
                break;
            case 6:
                CudaAsm.Emit("mov.f32 %0, sum24;", out x);
                CudaAsm.Emit("mov.f32 %0, sum25;", out y);
                CudaAsm.Emit("mov.f32 %0, sum26;", out z);
                CudaAsm.Emit("mov.f32 %0, sum27;", out w);
                break;
            case 7:
                CudaAsm.Emit("mov.f32 %0, sum28;", out x);
                CudaAsm.Emit("mov.f32 %0, sum29;", out y);
                CudaAsm.Emit("mov.f32 %0, sum30;", out z);
                CudaAsm.Emit("mov.f32 %0, sum31;", out w);
                break;
            case 8:
                CudaAsm.Emit("mov.f32 %0, sum32;", out x);
                CudaAsm.Emit("mov.f32 %0, sum33;", out y);
                CudaAsm.Emit("mov.f32 %0, sum34;", out z);
                CudaAsm.Emit("mov.f32 %0, sum35;", out w);
                break;
            case 9:
                CudaAsm.Emit("mov.f32 %0, sum36;", out x);
                CudaAsm.Emit("mov.f32 %0, sum37;", out y);
                CudaAsm.Emit("mov.f32 %0, sum38;", out z);
                CudaAsm.Emit("mov.f32 %0, sum39;", out w);
                break;
            case 10:
                CudaAsm.Emit("mov.f32 %0, sum40;", out x);
                CudaAsm.Emit("mov.f32 %0, sum41;", out y);
                CudaAsm.Emit("mov.f32 %0, sum42;", out z);
                CudaAsm.Emit("mov.f32 %0, sum43;", out w);
                break;
            case 11:
                CudaAsm.Emit("mov.f32 %0, sum44;", out x);
                CudaAsm.Emit("mov.f32 %0, sum45;", out y);
                CudaAsm.Emit("mov.f32 %0, sum46;", out z);
                CudaAsm.Emit("mov.f32 %0, sum47;", out w);
                break;
            case 12:
                CudaAsm.Emit("mov.f32 %0, sum48;", out x);
                CudaAsm.Emit("mov.f32 %0, sum49;", out y);
                CudaAsm.Emit("mov.f32 %0, sum50;", out z);
                CudaAsm.Emit("mov.f32 %0, sum51;", out w);
                break;
            case 13:
                CudaAsm.Emit("mov.f32 %0, sum52;", out x);
                CudaAsm.Emit("mov.f32 %0, sum53;", out y);
                CudaAsm.Emit("mov.f32 %0, sum54;", out z);
                CudaAsm.Emit("mov.f32 %0, sum55;", out w);
                break;
            case 14:
                CudaAsm.Emit("mov.f32 %0, sum56;", out x);
                CudaAsm.Emit("mov.f32 %0, sum57;", out y);
                CudaAsm.Emit("mov.f32 %0, sum58;", out z);
                CudaAsm.Emit("mov.f32 %0, sum59;", out w);
                break;
            default:
                CudaAsm.Emit("mov.f32 %0, sum60;", out x);
                CudaAsm.Emit("mov.f32 %0, sum61;", out y);
                CudaAsm.Emit("mov.f32 %0, sum62;", out z);
                CudaAsm.Emit("mov.f32 %0, sum63;", out w);
                break;
        }

        return new Float4(x, y, z, w);
    }
}
