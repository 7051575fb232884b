namespace EmotionXai.Landmarks.Benchmark;

/// <summary>A bar that docs/protocol.md fixes, and what was measured.</summary>
/// <param name="Name">As in the protocol.</param>
/// <param name="Bar">What is asked for.</param>
/// <param name="Measured">What was measured, in words.</param>
/// <param name="Passed">Whether it is met; null where nothing was measured.</param>
public sealed record Criterion(string Name, string Bar, string Measured, bool? Passed);
