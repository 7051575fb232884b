using System.Runtime.InteropServices;
using EmotionXai.Landmarks.Spilling;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>
/// Where the frames of all clips of a dataset stand while it is read: in memory, until they take too much there; then what came so far
/// goes to disk, and so does every finished clip.
/// </summary>
internal sealed class DraftFrames
{
    private readonly List<DraftCoordinates> _growing = [];
    private readonly long _most = DataBudget.Half / sizeof(float);
    private SpillFile? _file;
    private long _inMemory;

    /// <summary>Where finished clips go; null while all of them have room in memory.</summary>
    public SpillFile? File => _file;

    public DraftCoordinates New()
    {
        DraftCoordinates coordinates = new(this);
        _growing.Add(coordinates);
        return coordinates;
    }

    // Before a frame is added: a frame that somebody is still filling must not move.
    private void Need(int numbers)
    {
        if (_inMemory + numbers > _most)
        {
            _file ??= new SpillFile();
            foreach (DraftCoordinates coordinates in _growing) coordinates.Move(_file);
            _inMemory = 0;
        }

        _inMemory += numbers;
    }

    /// <summary>The coordinates of one clip, in the order in which its frames came.</summary>
    internal sealed class DraftCoordinates(DraftFrames all)
    {
        private readonly List<(long At, int Count)> _moved = [];
        private List<float> _here = [];

        /// <summary>Room for a frame, to be filled before the next one is asked for, of any clip.</summary>
        public Span<float> Add(int width)
        {
            all.Need(width);
            CollectionsMarshal.SetCount(_here, _here.Count + width);
            return CollectionsMarshal.AsSpan(_here)[^width..];
        }

        /// <summary>All of them. They are given away: nothing is left here.</summary>
        public float[] Take()
        {
            float[] values = new float[_moved.Sum(m => m.Count) + _here.Count];
            int at = 0;
            foreach ((long from, int count) in _moved)
            {
                all._file!.Read(from, values.AsSpan(at, count));
                at += count;
            }

            _here.CopyTo(values, at);
            _here = [];
            return values;
        }

        public void Move(SpillFile file)
        {
            if (_here.Count == 0) return;
            _moved.Add((file.Append(CollectionsMarshal.AsSpan(_here)), _here.Count));
            _here = [];
        }
    }
}
