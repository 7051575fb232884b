// Two parts that need each other, for the test that a cycle is found. Not even their members say so: only a body does.
#pragma warning disable IDE0130, SA1402, CA1812

namespace EmotionXai.Tests.Structure.MadeUp.One
{
    internal sealed class Egg
    {
        public static object Hatch() => new Two.Hen();
    }
}

namespace EmotionXai.Tests.Structure.MadeUp.Two
{
    internal sealed class Hen
    {
        public static object Lay() => new One.Egg();
    }
}
