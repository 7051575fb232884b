using System.CommandLine;
using EmotionXai.Engine.Layers;

namespace EmotionXai.Cli;

/// <summary>The options of random layers: random networks and frozen recurrent ones.</summary>
internal sealed class RandomSettings
{
    private readonly Option<bool> _freeze = Setting.Flag("--freeze", "Leave the recurrent layer random and train the dense head alone (rnn, gru, lstm, bilstm).");
    private readonly Option<double> _scale = Setting.Number("--input-scale", "Random layers: the size of a unit's input at features of variance 1.", new RandomOptions().InputScale, 1e-6);
    private readonly Option<double> _radius = Setting.Number("--spectral-radius", "Random recurrent layers: the largest absolute eigenvalue of a gate's matrix.", new RandomOptions().SpectralRadius);
    private readonly Option<double> _sparsity = Setting.Number("--sparsity", "Random layers: the probability that a weight is zero.", new RandomOptions().Sparsity);
    private readonly Option<double> _direct = Setting.Number("--direct", "Random networks: how much the features count beside the hidden units in the read-out; 0 leaves them out.", new RandomOptions().Direct);
    private readonly Option<double> _ridge = Setting.Number("--ridge", "Random networks: the read-out's ridge penalty, in mean eigenvalues; 0 takes the one that best predicts people left out.", 0);

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _freeze, _scale, _radius, _sparsity, _direct, _ridge }) command.Options.Add(option);
    }

    public bool Freeze(ParseResult parsed, ModelKind kind)
    {
        bool freeze = parsed.GetValue(_freeze);
        return freeze && kind.IsDense()
            ? throw new ArgumentException("--freeze: a dense network has no recurrent layer to leave random; choose --network rnn, gru, lstm or bilstm, or random-dense.")
            : freeze;
    }

    public double Ridge(ParseResult parsed) => parsed.GetValue(_ridge);

    public RandomOptions Read(ParseResult parsed)
    {
        double sparsity = parsed.GetValue(_sparsity);
        if (sparsity >= 1) throw new ArgumentException($"--sparsity {sparsity}: give 0 or more, below 1.");
        return new RandomOptions
        {
            InputScale = parsed.GetValue(_scale),
            SpectralRadius = parsed.GetValue(_radius),
            Sparsity = sparsity,
            Direct = parsed.GetValue(_direct),
        };
    }
}
