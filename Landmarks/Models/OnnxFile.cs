using System.Globalization;
using EmotionXai.Engine.Exchange;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Models;

/// <summary>What the input of an exported model is.</summary>
public enum OnnxInput
{
    /// <summary>Points of clips as a tracker gives them: [batch, frames, points, coordinates], or, of a model of pictures, [batch, points, coordinates]. All preprocessing but the filling of gaps is in the graph.</summary>
    Landmarks,

    /// <summary>Features of the kept landmarks before scaling: [batch, rows, features], as <see cref="Preprocessor"/> gives them.</summary>
    Features,
}

/// <summary>
/// A saved model as an ONNX file: preprocessing (where landmarks are the input), scaling, network and calibration in one graph, from
/// <c>landmarks</c> or <c>features</c> to <c>logit</c> and <c>probability</c>, [batch, 1] each. <c>docs/onnx.md</c> describes it.
/// </summary>
public static class OnnxFile
{
    /// <summary>The operator set of the files.</summary>
    public static int Opset => OnnxGraph.Opset;

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="ArgumentException">A model of one frame a clip cannot take landmarks: it does not say whether it was trained on pictures or on clips.</exception>
    public static void Write(LandmarkModel model, string path, OnnxInput input = OnnxInput.Landmarks)
    {
        OnnxGraph graph = new();
        (string features, string about) = input == OnnxInput.Landmarks ? FromLandmarks(graph, model) : FromFeatures(graph, model);
        string network = OnnxExport.Append(graph, model.Classifier, Scaled(graph, model, features));
        string logit = graph.Node("Add", [
            graph.Node("Mul", [network, graph.Constant("calibration.slope", [1], new[] { (float)model.Calibration.Slope })]),
            graph.Constant("calibration.offset", [1], new[] { (float)model.Calibration.Offset })]);
        logit = graph.Node("Add", [logit, NothingOrNaN(graph, features)]);
        OnnxAxis batch = OnnxAxis.Free("batch");
        graph.Output(logit, "logit", $"Calibrated: above 0 where {model.Emotion} is more probable than not.", batch, 1);
        graph.Output(graph.Node("Sigmoid", [logit]), "probability", $"Of {model.Emotion}, both classes being equally common.", batch, 1);
        graph.Write(path, $"Classifier of {model.Emotion} against the rest. {about}", Metadata(model, input, about));
    }

    private static (string Features, string About) FromLandmarks(OnnxGraph graph, LandmarkModel model)
    {
        PreprocessingOptions options = model.Preprocessing;
        if (options.Frames == 1)
            throw new ArgumentException("A model of one frame a clip does not say whether that was a picture or a clip's last frame; export it with features as its input.");
        bool pictures = model.Classifier.Time == 1;
        FeatureList list = FeatureList.Parse(pictures ? "positions" : options.Features);
        int frames = pictures ? 1 : options.Frames, channels = model.Classifier.Features / model.Landmarks.Count;
        int dimensions = 2 * channels / FeatureLayout.Of(list, frames, 2, options.SideBySide).Channels;
        Alignment alignment = pictures && options.Alignment == Alignment.FirstFrame ? Alignment.PerFrame : options.Alignment;
        string coordinates = dimensions == 3 ? "x, y and z" : "x and y", points = $"all {model.Topology.Count} points of {model.Topology.Name}";
        string about = pictures
            ? $"Input: {coordinates} of {points} in a picture, y down, in any unit; the two eyes must not coincide."
            : $"Input: {coordinates} of {points} in the frames of a clip, y down, in any unit; clips of a batch have equally many frames. Fill gaps first: where a point that the model uses is not a number, neither is the probability.";
        OnnxAxis batch = OnnxAxis.Free("batch");
        string landmarks = pictures
            ? graph.Node("Unsqueeze", [graph.Input("landmarks", about, batch, model.Topology.Count, dimensions), graph.Integers("frame", 1)])
            : graph.Input("landmarks", about, batch, OnnxAxis.Free("frames"), model.Topology.Count, dimensions);
        return (new FeatureGraph(graph, model.Topology, dimensions, model.Landmarks).Features(landmarks, alignment, list, frames, options.SideBySide), about);
    }

    private static (string Features, string About) FromFeatures(OnnxGraph graph, LandmarkModel model)
    {
        int channels = model.Classifier.Features / model.Landmarks.Count;
        string about = string.Create(CultureInfo.InvariantCulture, $"Input: features before scaling, [row, landmark, channel] with {channels} channels of each of {model.Landmarks.Count} landmarks, made as 'preprocessing' in the metadata says.");
        OnnxAxis time = OnnxExport.TimeIsFree(model.Classifier) && model.Scaling.Rows.Length == 0 ? OnnxAxis.Free("time") : model.Classifier.Time;
        return (graph.Input("features", about, OnnxAxis.Free("batch"), time, model.Classifier.Features), about);
    }

    // [batch, 1]: 0, or NaN where a feature is not finite. Gates of ONNX Runtime clamp, and turn a NaN into a judgement.
    private static string NothingOrNaN(OnnxGraph graph, string features)
    {
        string nothing = graph.Node("Mul", [features, graph.Constant("nothing", [], new float[1])]);
        return graph.Node("ReduceSum", [graph.Node("ReduceSum", [nothing, graph.Integers("over", 2)], new OnnxAttribute("keepdims", 0)), graph.Integers("over", 1)]);
    }

    private static string Scaled(OnnxGraph graph, LandmarkModel model, string features)
    {
        int channels = model.Classifier.Features / model.Landmarks.Count;
        Standardizer scaling = model.Scaling.Of([.. model.Landmarks.SelectMany(l => Enumerable.Range(l * channels, channels))]);

        // One mean and scale for all rows, or each kind of row its own.
        bool byRow = scaling.Rows.Length > 0;
        int[] extents = byRow ? [model.Classifier.Time, model.Classifier.Features] : [model.Classifier.Features];
        int rows = byRow ? model.Classifier.Time : 1;
        string centred = graph.Node("Sub", [features, graph.Constant("scaling.mean", extents, scaling.MeansByRow(rows))]);
        return graph.Node("Div", [centred, graph.Constant("scaling.scale", extents, scaling.ScalesByRow(rows))]);
    }

    private static Dictionary<string, string> Metadata(LandmarkModel model, OnnxInput input, string about) => new()
    {
        ["format"] = "emotionxai-onnx-1",
        ["emotion"] = model.Emotion,
        ["topology"] = model.Topology.Name,
        ["landmarks"] = string.Join(',', model.Landmarks),
        ["input"] = input.ToString().ToLowerInvariant(),
        ["about_input"] = about,
        ["preprocessing"] = ModelJson.Write(model.Preprocessing),
        ["classifier"] = ModelJson.Write(model.Options),
        ["calibration"] = ModelJson.Write(model.Calibration),
    };
}
