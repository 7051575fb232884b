namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>Rows of a clip's features that are of one kind, scaled together.</summary>
/// <param name="Name">Such as <c>displacement</c> or <c>displacement fourier</c>.</param>
/// <param name="First">The first row.</param>
/// <param name="Count">How many there are.</param>
/// <param name="InTime">Whether a row is a moment of the clip; else rows have no order in time.</param>
public sealed record FeatureRows(string Name, int First, int Count, bool InTime);
