
namespace EmotionXai.Engine.Backends;

/// <summary>A backend that may keep weights in the order in which it reads them, where it is told that they will not change.</summary>
internal interface ISealsWeights
{
    /// <summary>Promises that a whole storage, [rows, columns], will not be written to until it is freed. Results are the same bits.</summary>
    void Seal(Slice weights, int rows, int columns);
}
