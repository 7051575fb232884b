using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Explain;

/// <summary>Every method is held to the axioms that it states: on Reference at 1e-8, on Cpu at 1e-4.</summary>
public sealed class AxiomTests
{
    private const int Time = Models.Time, Features = Models.Features, Length = Time * Features;

    public static TheoryData<string, string, ModelKind> Methods
    {
        get
        {
            TheoryData<string, string, ModelKind> data = [];
            string[] tunnels = ["smooth:gradient", "squared:gradient-x-input", "variance:integrated-gradients", "smooth:integrated-gradients"];
            foreach (ITheoryDataRow backend in TestBackends.Names)
            {
                foreach (string method in AttributionMethods.All.Select(m => m.Name).Concat(tunnels))
                {
                    data.Add((string)backend.GetData()[0]!, method, ModelKind.Dense);
                    if (method != "deeplift-rescale") data.Add((string)backend.GetData()[0]!, method, ModelKind.Gru);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_axioms_that_a_method_states_hold(string backendName, string name, ModelKind kind)
    {
        using IBackend backend = TestBackends.Create(backendName);
        IAttributionMethod method = AttributionMethods.Find(name);
        Assert.Equal(name, method.Name);
        double bound = TestBackends.Bound(backend, 1e-8, 1e-4);
        if (method.Axioms.HasFlag(Axioms.Completeness)) Complete(method, backend, kind, bound);
        if (method.Axioms.HasFlag(Axioms.Dummy)) Dummy(method, backend, kind);
        if (method.Axioms.HasFlag(Axioms.Symmetry)) Symmetric(method, backend, kind, bound);
        if (method.Axioms.HasFlag(Axioms.Linearity)) Linear(method, backend, kind, bound);
        if (method.Axioms.HasFlag(Axioms.ImplementationInvariance)) Invariant(method, backend, bound);
    }

    [Fact]
    public void Every_axiom_is_stated_by_some_method_and_denied_by_another()
    {
        foreach (Axioms axiom in Enum.GetValues<Axioms>().Where(a => a != Axioms.None))
        {
            Assert.Contains(AttributionMethods.All, m => m.Axioms.HasFlag(axiom));

            // What the network does not use gets nothing from any of them.
            if (axiom == Axioms.Dummy) Assert.All(AttributionMethods.All, m => Assert.True(m.Axioms.HasFlag(axiom)));
            else Assert.Contains(AttributionMethods.All, m => !m.Axioms.HasFlag(axiom));
        }
    }

    private static void Complete(IAttributionMethod method, IBackend backend, ModelKind kind, double bound)
    {
        using Classifier classifier = Models.Small(backend, kind, 3);
        foreach (Kept pair in Attributions.Of(method, classifier, Numbers.Singles(1, 3 * Length), Baselines.ForAll(Numbers.Singles(2, 2 * Length), Length)))
        {
            Assert.True(Math.Abs(pair.Change) > 1e-3);
            Assert.True(Math.Abs(pair.Values.Sum() - pair.Change) < bound, $"{method.Name}: gap {pair.Gap}");
            Assert.Equal(Math.Abs(pair.Values.Sum() - pair.Change), pair.Gap, 1e-12);
        }
    }

    private static void Dummy(IAttributionMethod method, IBackend backend, ModelKind kind)
    {
        using Classifier classifier = Models.Small(backend, kind, 3);
        Change(classifier, (values, columns) =>
        {
            for (int row = 2; row * columns < values.Length; row += Features) values.AsSpan(row * columns, columns).Clear();
        });
        foreach (Kept pair in Attributions.Of(method, classifier, Numbers.Singles(1, 3 * Length), Baselines.ForAll(Numbers.Singles(2, 2 * Length), Length)))
            for (int i = 0; i < Length; i++) Assert.True(i % Features == 2 == (pair.Values[i] == 0), $"{method.Name}: input {i} scores {pair.Values[i]}");
    }

    private static void Symmetric(IAttributionMethod method, IBackend backend, ModelKind kind, double bound)
    {
        using Classifier classifier = Models.Small(backend, kind, 3);
        Change(classifier, (values, columns) =>
        {
            for (int row = 0; row * columns < values.Length; row += Features)
                values.AsSpan((row + 1) * columns, columns).CopyTo(values.AsSpan((row + 4) * columns));
        });
        float[] clips = Numbers.Singles(1, 3 * Length), baselines = Numbers.Singles(2, 2 * Length);
        foreach (float[] values in new[] { clips, baselines })
            for (int i = 4; i < values.Length; i += Features) values[i] = values[i - 3];
        foreach (Kept pair in Attributions.Of(method, classifier, clips, Baselines.ForAll(baselines, Length)))
        {
            double[] one = [.. Enumerable.Range(0, Time).Select(t => pair.Values[(t * Features) + 1])], other = [.. Enumerable.Range(0, Time).Select(t => pair.Values[(t * Features) + 4])];
            Numbers.Near(one, other, bound, method.Name);
        }
    }

    private static void Linear(IAttributionMethod method, IBackend backend, ModelKind kind, double bound)
    {
        using Classifier f = Models.Small(backend, kind, 1), g = Models.Small(backend, ModelKind.Dense, 2);
        using Classifier mixed = Attributions.Custom(backend, Time, Features, (t, x) => t.Add(t.Scale(f.Logits(t, x), 2), t.Scale(g.Logits(t, x), -3)));
        float[] clips = Numbers.Singles(1, 3 * Length);
        Baselines baselines = Baselines.ForAll(Numbers.Singles(2, 2 * Length), Length);
        List<Kept> ofF = Attributions.Of(method, f, clips, baselines), ofG = Attributions.Of(method, g, clips, baselines);
        List<Kept> sum = [.. ofF.Zip(ofG, (a, b) => a with { Values = [.. a.Values.Zip(b.Values, (u, v) => (2 * u) - (3 * v))] })];
        Attributions.Same(sum, Attributions.Of(method, mixed, clips, baselines), bound);
    }

    // tanh(u) = 2 sigmoid(2u) - 1: the same function of the clip, put together of other ops and without a stem.
    private static void Invariant(IAttributionMethod method, IBackend backend, double bound)
    {
        using Dense hidden = new(new Initializer(backend, 5), "h", Length, 7, Activation.Identity), readout = new(new Initializer(backend, 6), "r", 7, 1, Activation.Identity);
        using Classifier one = new(backend, Time, Features, new Dense(new Initializer(backend, 5), "h", Length, 7, Activation.Tanh), new Dense(new Initializer(backend, 6), "r", 7, 1, Activation.Identity));
        using Classifier other = Attributions.Custom(backend, Time, Features, (t, x) =>
            readout.Apply(t, t.Shift(t.Scale(t.Sigmoid(t.Scale(hidden.Apply(t, x), 2)), 2), -1)));
        float[] clips = Numbers.Singles(1, 3 * Length);
        Baselines baselines = Baselines.ForAll(Numbers.Singles(2, 2 * Length), Length);
        Attributions.Same(Attributions.Of(method, one, clips, baselines), Attributions.Of(method, other, clips, baselines), bound);
    }

    private static void Change(Classifier classifier, Action<double[], int> change)
    {
        Tensor weight = classifier.Parameters[0].Value;
        double[] values = weight.ToDoubleArray();
        change(values, weight.Shape[1]);
        weight.CopyFrom(values);
    }
}
