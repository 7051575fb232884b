using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;

namespace EmotionXai.Explain;

/// <summary>
/// What is left of a clip's logit as groups go back to the baseline in some order, and what comes as they come from it: the curves
/// behind deletion and insertion (Petsiuk et al. 2018), clip by clip. All are parts of the mean change of the logit over all clips.
/// </summary>
/// <param name="Deleted">[clip][groups taken away]: the mean over baselines, from 0 groups to all.</param>
/// <param name="Inserted">[clip][groups put in]: the same.</param>
public sealed record RemovalCurves(IReadOnlyList<double[]> Deleted, IReadOnlyList<double[]> Inserted)
{
    /// <summary>The area of deletion: small is good.</summary>
    public double Deletion => Deleted.Average(c => c.Average());

    /// <summary>The area of insertion: large is good.</summary>
    public double Insertion => Inserted.Average(c => c.Average());

    /// <summary>[clip]: insertion less deletion.</summary>
    public double[] Leads => [.. Inserted.Zip(Deleted, (i, d) => i.Average() - d.Average())];

    /// <summary>Sufficiency: the part of the change that the first groups alone bring.</summary>
    public double Reached(int groups) => Inserted.Average(c => c[Math.Min(groups, c.Length - 1)]);

    /// <summary>Necessity: the part of the change that goes with the first groups.</summary>
    public double Lost(int groups) => 1 - Deleted.Average(c => c[Math.Min(groups, c.Length - 1)]);

    /// <summary>Runs the classifier on all steps of all pairs of clip and baseline.</summary>
    /// <param name="classifier">What is explained.</param>
    /// <param name="clips">[clip, time, feature].</param>
    /// <param name="baselines">Baselines.</param>
    /// <param name="groups">What goes together.</param>
    /// <param name="order">The groups, most relevant first.</param>
    public static RemovalCurves Of(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, FeatureGroups groups, IReadOnlyList<int> order)
    {
        int length = classifier.Time * classifier.Features, count = clips.Length / length, points = groups.Count + 1;
        double[][] deleted = [.. Enumerable.Range(0, count).Select(_ => new double[points])], inserted = [.. Enumerable.Range(0, count).Select(_ => new double[points])];
        float[] rows = new float[2 * points * length];
        for (int pair = 0; pair < count * baselines.Count; pair++)
        {
            int clip = pair / baselines.Count;
            ReadOnlySpan<float> x = clips.Slice(clip * length, length), b = baselines.Of(clip, pair % baselines.Count);
            x.CopyTo(rows);
            b.CopyTo(rows.AsSpan(points * length));
            for (int k = 1; k < points; k++)
            {
                for (int side = 0; side < 2; side++)
                {
                    int at = ((side * points) + k) * length;
                    rows.AsSpan(at - length, length).CopyTo(rows.AsSpan(at));
                    foreach (int i in groups.Members[order[k - 1]]) rows[at + i] = side == 0 ? b[i] : x[i];
                }
            }

            double[] logits = Predictor.Logits(classifier, rows);
            for (int k = 0; k < points; k++)
            {
                deleted[clip][k] += logits[k] / baselines.Count;
                inserted[clip][k] += logits[points + k] / baselines.Count;
            }
        }

        double change = deleted.Average(c => c[0]) - inserted.Average(c => c[0]);
        double[][] Parts(double[][] curves) => [.. curves.Select((c, clip) =>
        {
            double bottom = inserted[clip][0];
            return c.Select(v => (v - bottom) / change).ToArray();
        })];
        return new RemovalCurves(Parts(deleted), Parts(inserted));
    }
}
