using System.Numerics.Tensors;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>Medoids: the clips that stand for others.</summary>
internal static class Clustering
{
    private const int MostRounds = 50;

    /// <summary>The member whose squared Euclidean distances to all members sum to the least; the first of equals.</summary>
    public static int Medoid(ClipRows clips, ReadOnlySpan<int> members)
    {
        if (members.Length == 0) throw new ArgumentException("A cluster without members has no medoid.", nameof(members));

        // The sum of squared distances from x to all members is n |x - mean|^2 plus a constant: the medoid is nearest the mean.
        int length = clips.Length;
        double[] mean = new double[length];
        float[] room = new float[length], centre = new float[length];
        foreach (int member in members)
        {
            ReadOnlySpan<float> clip = clips.Of(member, room);
            for (int i = 0; i < length; i++) mean[i] += clip[i];
        }

        for (int i = 0; i < length; i++) centre[i] = (float)(mean[i] / members.Length);
        int best = members[0];
        float least = float.PositiveInfinity;
        foreach (int member in members)
        {
            float distance = TensorPrimitives.Distance(clips.Of(member, room), centre);
            if (distance < least) (best, least) = (member, distance);
        }

        return best;
    }

    /// <summary>
    /// K clusters of the members around medoids: farthest-first starts, then alternating assignment and medoids until nothing
    /// changes (Park and Jun 2009). Deterministic.
    /// </summary>
    /// <exception cref="ArgumentException">Fewer members than clusters, or no cluster.</exception>
    public static IReadOnlyList<int[]> Cluster(ClipRows clips, ReadOnlySpan<int> members, int count)
    {
        if (count < 1 || count > members.Length) throw new ArgumentException($"{members.Length} clips cannot be put into {count} clusters.", nameof(count));
        int[] medoids = new int[count];
        medoids[0] = Medoid(clips, members);
        float[] room = new float[clips.Length];
        float[] nearest = new float[members.Length];
        Array.Fill(nearest, float.PositiveInfinity);
        for (int k = 1; k < count; k++)
        {
            float[] last = Values(medoids[k - 1]);
            int farthest = 0;
            for (int i = 0; i < members.Length; i++)
            {
                nearest[i] = Math.Min(nearest[i], TensorPrimitives.Distance(clips.Of(members[i], room), last));
                if (nearest[i] > nearest[farthest]) farthest = i;
            }

            medoids[k] = members[farthest];
        }

        List<int>[] clusters = [.. medoids.Select(_ => new List<int>())];
        for (int round = 0; round < MostRounds; round++)
        {
            foreach (List<int> cluster in clusters) cluster.Clear();
            float[][] centres = [.. medoids.Select(Values)];
            foreach (int member in members)
            {
                ReadOnlySpan<float> clip = clips.Of(member, room);
                int best = 0;
                float least = float.PositiveInfinity;
                for (int k = 0; k < count; k++)
                {
                    float distance = TensorPrimitives.Distance(clip, centres[k]);
                    if (distance < least) (best, least) = (k, distance);
                }

                clusters[best].Add(member);
            }

            bool changed = false;
            for (int k = 0; k < count; k++)
            {
                if (clusters[k].Count == 0) continue;
                int medoid = Medoid(clips, [.. clusters[k]]);
                changed |= medoid != medoids[k];
                medoids[k] = medoid;
            }

            if (!changed) break;
        }

        return [.. clusters.Where(c => c.Count > 0).Select(c => c.ToArray())];

        float[] Values(int clip)
        {
            float[] values = new float[clips.Length];
            clips.Copy(clip, values);
            return values;
        }
    }
}
