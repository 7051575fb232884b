using System.Globalization;
using EmotionXai.Bench.Peers;
using EmotionXai.Bench.Peers.Works;

// A child that measures itself loads nothing that it does not need: the contest is a class of its own.
switch (args)
{
    case [Memory.Verb, var side, var clips, var batch, var threads]:
        Memory.Child(side, int.Parse(clips, CultureInfo.InvariantCulture), int.Parse(batch, CultureInfo.InvariantCulture), int.Parse(threads, CultureInfo.InvariantCulture));
        return 0;
    case [OnnxProcess.Verb, var model, var clip, var output]:
        OnnxProcess.Child(model, clip, output);
        return 0;
    case [Comparison.Verb, var before, var after]:
        return Comparison.Run(before, after);
    case [Documents.Verb]:
        return Documents.Run(Environment.CurrentDirectory, check: false, Console.Error);
    case [Documents.Verb, "--check"]:
        return Documents.Run(Environment.CurrentDirectory, check: true, Console.Error);
    default:
        return PeersCommand.Run(args);
}
