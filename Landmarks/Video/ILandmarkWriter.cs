namespace EmotionXai.Landmarks.Video;

/// <summary>Takes extracted clips, one after the other, into a file.</summary>
internal interface ILandmarkWriter : IDisposable
{
    /// <summary>Writes a clip.</summary>
    void Write(ExtractedClip clip);
}
