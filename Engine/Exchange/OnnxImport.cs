using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;

namespace EmotionXai.Engine.Exchange;

/// <summary>
/// Networks trained elsewhere, read from ONNX: layers in a row (Gemm, MatMul and Add; LSTM, GRU, RNN; Conv over time;
/// LayerNormalization; activations; pooling over time; scaling by constants), and branches of such layers that are added or set side
/// by side, as PyTorch, Keras and this engine export them. What is no such network is refused, with the node and the reason.
/// </summary>
public static class OnnxImport
{
    private const int MostTime = 100_000, MostFeatures = 1_000_000;

    /// <summary>Reads a network.</summary>
    /// <param name="path">The file. Its input is [batch, time, features], or [batch, features].</param>
    /// <param name="backend">Where the model is to live.</param>
    /// <param name="time">Steps of a clip, where the file leaves them open; of an input [batch, features], how many steps its features are of.</param>
    /// <param name="output">The name of the output; null where the file has one, or for the first.</param>
    /// <returns>A model with the file's weights, from its input to that output.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, holds what this engine has no layer for, or its clips have other steps than those given.</exception>
    /// <exception cref="ArgumentException">The file leaves the number of steps open, and none is given.</exception>
    public static Model Read(string path, IBackend backend, int? time = null, string? output = null)
    {
        OnnxSource source = OnnxSource.Read(path);
        using OnnxLayers layers = new(backend);
        try
        {
            OnnxValue[] inputs = [.. source.Inputs];
            if (inputs.Length != 1) throw new NotSupportedException($"it has {inputs.Length} inputs, and a network here has one.");
            OnnxValue result = source.Outputs.FirstOrDefault(o => output is null || o.Name == output)
                ?? throw new NotSupportedException($"it has no output '{output}'; it has {string.Join(", ", source.Outputs.Take(8).Select(o => $"'{OnnxSource.Shown(o.Name)}'"))}.");
            (int steps, int features, bool flat) = Extents(path, inputs[0], time);
            OnnxPath graph = new(source);
            OnnxReading reading = new(graph, layers, steps, features, flat);
            foreach (OnnxStep step in graph.Between(inputs[0].Name, result.Name)) reading.Take(step);
            Layer[] all = [.. reading.Finish()];
            Model model = new(backend, steps, features, all);
            layers.Release();
            return model;
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{path}: no whole ONNX file: {e.Message}. Export or copy it again.", e);
        }
        catch (NotSupportedException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
        catch (Exception e) when (e is OverflowException || (e is ArgumentException { ParamName: var name } && name != nameof(time)))
        {
            throw new InvalidDataException($"{path}: a value in its graph has more numbers than an array holds.", e);
        }
    }

    private static (int Time, int Features, bool Flat) Extents(string path, OnnxValue input, int? time)
    {
        bool flat = input.Axes.Count == 2;
        if (!flat && input.Axes.Count != 3) throw new NotSupportedException($"its input '{OnnxSource.Shown(input.Name)}' has {input.Axes.Count} axes; [batch, time, features] or [batch, features] is read.");
        long features = input.Axes[^1], steps = flat ? time ?? 1 : input.Axes[1];
        if (features is < 1 or > MostFeatures) throw new NotSupportedException($"its input has {(features < 0 ? "any number of" : features)} features; from 1 to {MostFeatures} are read.");
        if (!flat && steps < 0 && time is null) throw new ArgumentException($"{path}: its clips may have any number of steps; say how many (time).", nameof(time));
        if (!flat && steps >= 0 && time is not null && time != steps) throw new NotSupportedException($"its clips have {steps} steps, not {time}.");
        if (steps < 0) steps = time!.Value;
        if (steps is < 1 or > MostTime) throw new NotSupportedException($"its clips have {steps} steps; from 1 to {MostTime} are read.");
        if (steps * features > int.MaxValue / 4) throw new NotSupportedException($"its clips have {steps} x {features} numbers, more than is read here.");
        if (!flat) return ((int)steps, (int)features, false);
        return features % steps == 0 ? ((int)steps, (int)(features / steps), true) : throw new NotSupportedException($"its {features} features are no whole number for each of {steps} steps.");
    }
}
