using EmotionXai.Landmarks.Runs;

namespace EmotionXai.Landmarks.Reduction.Sharding;

/// <summary>The folders of all shards of a run, held against the run before anything is taken from them.</summary>
internal sealed class ShardFolders
{
    private readonly string[] _folders;
    private readonly string _fingerprint;

    /// <summary>The folders of a run's shards, in any order.</summary>
    /// <exception cref="InvalidDataException">One is missing, unfinished, of another run or there twice; the line says which.</exception>
    public ShardFolders(IReadOnlyList<string> folders, RunRecord run)
    {
        _fingerprint = run.Fingerprint!;
        _folders = [];
        int count = 0;
        foreach (string folder in folders)
        {
            RunRecord? record = RunRecord.Read(folder);
            if (record is null || Shard.TryParse(record.Shard) is not Shard shard) throw Refused(folder, "this is no folder of reduce --shard; leave it out");
            if (record.Fingerprint != run.Fingerprint) throw Refused(folder, $"shard {shard} is of another run ({run.Difference(record with { Shard = null })}); give the folders of this one, and the same data and options");
            if (record.Finished is null) throw Refused(folder, $"shard {shard} is not finished; run it again with the same command, it goes on where it was stopped");
            if (count == 0) (count, _folders) = (shard.Count, new string[shard.Count]);
            if (shard.Count != count) throw Refused(folder, $"this is shard {shard}, but {folders[0]} is one of {count}; take shards of one division");
            if (_folders[shard.Number - 1] is string other) throw Refused(folder, $"this is shard {shard} once more; {other} is that too, leave one out");
            _folders[shard.Number - 1] = folder;
        }

        string[] missing = [.. Enumerable.Range(0, count).Where(i => _folders[i] is null).Select(i => $"{i + 1}/{count}")];
        if (count == 0) throw new InvalidDataException("--merge: give the folders of the shards.");
        if (missing.Length > 0) throw new InvalidDataException($"--merge: {(missing.Length == 1 ? "shard" : "shards")} {string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} missing; run them, or name their folders too.");
    }

    /// <summary>A fold of the run.</summary>
    /// <param name="place">Its place among the folds of all emotions.</param>
    /// <param name="emotion">Its emotion.</param>
    /// <param name="fold">Its number.</param>
    /// <exception cref="InvalidDataException">Its file is missing or damaged.</exception>
    public FoldOutcome Fold(int place, string emotion, int fold)
    {
        string folder = _folders[place % _folders.Length];
        return FoldStore.Load(Path.Combine(folder, RunFolder.FoldsName, FoldStore.NameOf(emotion, fold)), _fingerprint)
            ?? throw Refused(folder, $"fold {fold + 1} of {emotion} is missing or damaged; run shard {(place % _folders.Length) + 1}/{_folders.Length} again with --force");
    }

    private static InvalidDataException Refused(string folder, string why) => new($"{folder}: {why}.");
}
