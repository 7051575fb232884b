using System.CommandLine;
using System.Globalization;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Reduction;

namespace EmotionXai.Cli;

/// <summary>The options that say which network is trained, and how.</summary>
internal sealed class ModelSettings
{
    private readonly Option<string> _model = Setting.Word("--network", string.Join(", ", ModelNames.All) + ".", "dense", ModelNames.All);
    private readonly Option<string[]> _hidden = Setting.List("--hidden", "Units of the hidden layers, such as 64,32 (recurrent: the cell first, then the head).");
    private readonly Option<string> _activation = Setting.Word("--activation", "identity, relu, leaky-relu, gelu, tanh, sigmoid or softplus; by default gelu, of random networks tanh.", null, Setting.Names<Activation>());
    private readonly Option<string> _pooling = Setting.Word("--pooling", "How recurrent states become one vector: last, mean or max.", "mean", Setting.Names<Pooling>());
    private readonly Option<double> _dropout = Setting.Number("--dropout", "Share of hidden values dropped in training.", new ClassifierOptions().Dropout);
    private readonly Option<bool> _normalize = Setting.Flag("--normalize", "Layer normalisation behind hidden layers.");
    private readonly Option<int> _epochs = Setting.Count("--epochs", "Passes over the training clips.", new TrainingOptions().Epochs);
    private readonly Option<int> _batch = Setting.Count("--batch-size", "Clips a training step.", new TrainingOptions().BatchSize);
    private readonly Option<double> _rate = Setting.Number(
        "--learning-rate",
        string.Create(CultureInfo.InvariantCulture, $"Learning rate at the start; 0 takes {TrainingOptions.DefaultRate(ModelKind.Dense)} for dense networks and {TrainingOptions.DefaultRate(ModelKind.Lstm)} for recurrent ones."),
        0);
    private readonly Option<string> _optimizer = Setting.Word("--optimizer", "sgd, adam or adam-w.", "adam-w", Setting.Names<OptimizerKind>());
    private readonly Option<string> _schedule = Setting.Word("--schedule", "constant, cosine or step.", "cosine", Setting.Names<ScheduleKind>());
    private readonly Option<double> _decay = Setting.Number("--weight-decay", "Pull of the weights towards zero.", new TrainingOptions().WeightDecay);
    private readonly Option<double> _clip = Setting.Number("--clip-norm", "Largest norm of a step's gradient; 0 clips none.", new TrainingOptions().ClipNorm);
    private readonly RandomSettings _random = new();
    private readonly Option<double> _weight = Setting.Number("--positive-weight", "Weight of a positive clip; 0 balances the classes.", 0);

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _model, _hidden, _activation, _pooling, _dropout, _normalize, _epochs, _batch, _rate, _optimizer, _schedule, _decay, _clip, _weight })
            command.Options.Add(option);

        // Words of before: scripts may go on with them.
        _model.Aliases.Add("--model");
        _batch.Aliases.Add("--batch");
        _random.AddTo(command);
    }

    public ClassifierOptions Model(ParseResult parsed)
    {
        ModelKind kind = ModelNames.Find(parsed.GetValue(_model)!);
        int[] hidden = Setting.Integers("--hidden", parsed.GetValue(_hidden));
        if (hidden.Any(h => h < 1)) throw new ArgumentException($"--hidden {string.Join(',', hidden)}: every layer has 1 unit or more.");
        double dropout = parsed.GetValue(_dropout);
        if (dropout >= 1) throw new ArgumentException($"--dropout {dropout}: give 0 or more, below 1.");
        return new ClassifierOptions
        {
            Kind = kind,
            Hidden = hidden.Length > 0 ? hidden : ClassifierOptions.DefaultHidden(kind),
            Activation = parsed.GetValue(_activation) is { } activation ? Setting.Choice<Activation>("--activation", activation) : ClassifierOptions.DefaultActivation(kind),
            Pooling = Setting.Choice<Pooling>("--pooling", parsed.GetValue(_pooling)!),
            Dropout = dropout,
            Normalize = parsed.GetValue(_normalize),
            Freeze = _random.Freeze(parsed, kind),
            Random = _random.Read(parsed),
        };
    }

    public TrainingOptions Training(ParseResult parsed) => new()
    {
        Epochs = parsed.GetValue(_epochs),
        BatchSize = parsed.GetValue(_batch),
        LearningRate = parsed.GetValue(_rate) is > 0 and double rate ? rate : TrainingOptions.DefaultRate(ModelNames.Find(parsed.GetValue(_model)!)),
        Optimizer = Setting.Choice<OptimizerKind>("--optimizer", parsed.GetValue(_optimizer)!),
        Schedule = Setting.Choice<ScheduleKind>("--schedule", parsed.GetValue(_schedule)!),
        WeightDecay = parsed.GetValue(_decay),
        ClipNorm = parsed.GetValue(_clip),
        PositiveWeight = parsed.GetValue(_weight),
        Ridge = _random.Ridge(parsed),
    };
}

/// <summary>The options that say how paths are integrated.</summary>
internal sealed class PathSettings
{
    private readonly Option<string> _quadrature = Setting.Word("--quadrature", "gauss-legendre, trapezoid, left, right or midpoint.", "gauss-legendre", Setting.Names<QuadratureRule>());
    private readonly Option<int> _steps = Setting.Count("--steps", "Nodes of a path (with --tolerance: of the first try).", new PathOptions().Steps, 2);
    private readonly Option<double> _tolerance = Setting.Number("--tolerance", "Double the steps until the completeness gap is below this part of |f(x) - f(b)|; 0 takes --steps.", 0);

    public void AddTo(Command command)
    {
        command.Options.Add(_quadrature);
        command.Options.Add(_steps);
        command.Options.Add(_tolerance);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="tolerance">Where neither steps nor a tolerance are given.</param>
    public PathOptions Read(ParseResult parsed, double tolerance = 0) => new()
    {
        Rule = Setting.Choice<QuadratureRule>("--quadrature", parsed.GetValue(_quadrature)!),
        Steps = parsed.GetValue(_steps),
        Tolerance = parsed.GetResult(_steps) is { Implicit: false } || parsed.GetResult(_tolerance) is { Implicit: false } ? parsed.GetValue(_tolerance) : tolerance,
    };
}

/// <summary>How many networks judge together.</summary>
internal static class NetworksSetting
{
    public static Option<int> Create() => Setting.Count("--ensemble", "Networks of different seeds whose mean logit judges, in tests and in the saved model.", new ReductionOptions().Networks);
}

/// <summary>The options of every verb that computes.</summary>
internal sealed class ComputeSettings
{
    private readonly Option<ulong> _seed = Setting.Seed();
    private readonly Option<int> _threads = Setting.Count("--threads", "Threads; changes no result.", Environment.ProcessorCount);
    private readonly Option<string> _device = Setting.Word("--device", "cpu (float32, SIMD), reference (float64, plain loops), gpu (CUDA or OpenCL) or emulated (the GPU's kernels on the CPU, for tests; slow).", "cpu", Backends.Names);
    private readonly Option<string> _memory = MemoryBudget.Option();
    private readonly Option<string> _math = Setting.Word("--math", "float32, tf32 or bf16: what a GPU's matrix products round their operands to; the last two take tensor cores.", "float32", Setting.Names<ProductMath>());
    private readonly Option<string> _profile = Setting.Path("--profile", "Write a trace of every op to this file, for Perfetto or chrome://tracing, and close with a table of how near the machine's limits they came.");
    private readonly OutputSettings _out;

    public ComputeSettings(string verb) => _out = new OutputSettings(verb);

    public void AddTo(Command command)
    {
        command.Options.Add(_seed);
        command.Options.Add(_threads);
        command.Options.Add(_device);
        command.Options.Add(_memory);
        command.Options.Add(_math);
        _out.AddTo(command);
        command.Options.Add(_profile);
        OptionFile.AddTo(command);
    }

    /// <summary>The run of a verb, profiled where asked for.</summary>
    public ProfiledRun Begin(ParseResult parsed, string verb, Terminal terminal) =>
        new(verb, Device(parsed), Threads(parsed), parsed.GetValue(_profile), terminal.Eyes(parsed));

    public ulong Seed(ParseResult parsed) => parsed.GetValue(_seed);

    public int Threads(ParseResult parsed) => parsed.GetValue(_threads);

    /// <summary>Keeps to the memory that is asked for, from here on.</summary>
    public void KeepToMemory(ParseResult parsed) => MemoryBudget.Set(parsed.GetValue(_memory));

    public string Device(ParseResult parsed)
    {
        string device = parsed.GetValue(_device)!;
        if (!Backends.Names.Contains(device)) throw new ArgumentException($"--device {device}: there is no such device; choose {string.Join(", ", Backends.Names)}.");
        device = GpuNames.WithMath(device, Setting.Choice<ProductMath>("--math", parsed.GetValue(_math)!));
        Backends.Require(device);
        return device;
    }

    /// <summary>Where results go.</summary>
    public OutputSettings Output => _out;
}
