namespace EmotionXai.Engine.Numerics;

/// <summary>
/// The key of a stream of Philox 4x32-10 (Salmon et al., SC 2011). Words 4j to 4j+3 of a stream are the block of counter
/// (j low, j high, stream low, stream high) under key (seed low, seed high); number i is made of word i (uniform), or of
/// the pair of words that holds i (normal).
/// </summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Stream">Which of its streams: one for each use, so that uses do not disturb one another.</param>
public readonly record struct RandomKey(ulong Seed, ulong Stream);
