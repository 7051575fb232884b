using System.Runtime.CompilerServices;
using EmotionXai.Landmarks.Video;

namespace EmotionXai.Tests;

/// <summary>
/// OpenCV reads its limits once, when its library is loaded. The program loads it through <see cref="NativeVision"/>, which sets them
/// first; a test that makes a picture by itself must not come before that.
/// </summary>
internal static class NativeVisionFirst
{
    [ModuleInitializer]
    internal static void Load()
    {
        try
        {
            NativeVision.Require();
        }
        catch (IOException)
        {
            // Without the library the tests of video say so themselves.
        }
    }
}
