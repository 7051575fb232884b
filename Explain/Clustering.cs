using System.Numerics.Tensors;

namespace EmotionXai.Explain;

/// <summary>Medoids: the clips that stand for others.</summary>
internal static class Clustering
{
    private const int MostRounds = 50;

    /// <summary>The member whose squared Euclidean distances to all members sum to the least; the first of equals.</summary>
    public static int Medoid(ReadOnlySpan<float> clips, int length, ReadOnlySpan<int> members)
    {
        if (members.Length == 0) throw new ArgumentException("A cluster without members has no medoid.", nameof(members));

        // The sum of squared distances from x to all members is n |x - mean|^2 plus a constant: the medoid is nearest the mean.
        double[] mean = new double[length];
        foreach (int member in members)
        {
            ReadOnlySpan<float> clip = clips.Slice(member * length, length);
            for (int i = 0; i < length; i++) mean[i] += clip[i];
        }

        float[] centre = new float[length];
        for (int i = 0; i < length; i++) centre[i] = (float)(mean[i] / members.Length);
        int best = members[0];
        float least = float.PositiveInfinity;
        foreach (int member in members)
        {
            float distance = TensorPrimitives.Distance(clips.Slice(member * length, length), centre);
            if (distance < least) (best, least) = (member, distance);
        }

        return best;
    }

    /// <summary>
    /// K clusters of the members around medoids: farthest-first starts, then alternating assignment and medoids until nothing
    /// changes (Park and Jun 2009). Deterministic.
    /// </summary>
    /// <exception cref="ArgumentException">Fewer members than clusters, or no cluster.</exception>
    public static IReadOnlyList<int[]> Cluster(ReadOnlySpan<float> clips, int length, ReadOnlySpan<int> members, int count)
    {
        if (count < 1 || count > members.Length) throw new ArgumentException($"{members.Length} clips cannot be put into {count} clusters.", nameof(count));
        int[] medoids = new int[count];
        medoids[0] = Medoid(clips, length, members);
        float[] nearest = new float[members.Length];
        Array.Fill(nearest, float.PositiveInfinity);
        for (int k = 1; k < count; k++)
        {
            int farthest = 0;
            for (int i = 0; i < members.Length; i++)
            {
                nearest[i] = Math.Min(nearest[i], Distance(clips, length, members[i], medoids[k - 1]));
                if (nearest[i] > nearest[farthest]) farthest = i;
            }

            medoids[k] = members[farthest];
        }

        List<int>[] clusters = [.. medoids.Select(_ => new List<int>())];
        for (int round = 0; round < MostRounds; round++)
        {
            foreach (List<int> cluster in clusters) cluster.Clear();
            foreach (int member in members)
            {
                int best = 0;
                float least = float.PositiveInfinity;
                for (int k = 0; k < count; k++)
                {
                    float distance = Distance(clips, length, member, medoids[k]);
                    if (distance < least) (best, least) = (k, distance);
                }

                clusters[best].Add(member);
            }

            bool changed = false;
            for (int k = 0; k < count; k++)
            {
                if (clusters[k].Count == 0) continue;
                int medoid = Medoid(clips, length, [.. clusters[k]]);
                changed |= medoid != medoids[k];
                medoids[k] = medoid;
            }

            if (!changed) break;
        }

        return [.. clusters.Where(c => c.Count > 0).Select(c => c.ToArray())];
    }

    private static float Distance(ReadOnlySpan<float> clips, int length, int a, int b) =>
        TensorPrimitives.Distance(clips.Slice(a * length, length), clips.Slice(b * length, length));
}
