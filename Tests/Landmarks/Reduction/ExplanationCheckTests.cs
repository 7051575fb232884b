using EmotionXai.Landmarks.Reduction;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Reduction;

/// <summary>What a check of explanations ends in: one sentence that says what to do.</summary>
public sealed class ExplanationCheckTests
{
    [Fact]
    public void The_last_sentence_says_what_to_do()
    {
        MethodCheck good = Check("good", [0.3, 0.4, 0.35, 0.32], randomized: 0.1), level = Check("level", [0.31, 0.38, 0.36, 0.31], randomized: 0.1), poor = Check("poor", [0.1, 0.2, 0.15, 0.12], randomized: 0.1);
        Assert.Equal("Use good, which leads every other method for sure; its order is what the network has learnt.", ExplanationCheck.Advice([poor, good], 1));
        Assert.Equal("Use good (level cannot be told from it); its order is what the network has learnt.", ExplanationCheck.Advice([poor, good, level], 1));
        Assert.Contains("check it with reduce --null", ExplanationCheck.Advice([poor, good with { Randomized = 0.5 }], 1));
        Assert.Contains("the column signed of ranking.csv", ExplanationCheck.Advice([good with { Method = ExplanationCheck.SignedMean }], 1));
        Assert.StartsWith("Draw no conclusions", ExplanationCheck.Advice([Check("lost", [0.3, -0.4, 0.35, -0.32], 0)], 1));
        Assert.StartsWith("Explain clips of two people or more", ExplanationCheck.Advice([Check("one", [0.3], 0)], 1));
    }

    // Two methods and five measures: those that put the first before the second agree with each other, one does not.
    [Fact]
    public void Measures_agree_where_they_order_the_methods_alike()
    {
        MethodCheck first = Check("a", [0, 0], 0) with { Deletion = 0.1, Insertion = 0.9, Infidelity = 0.1, TimeInfidelity = 0.1, MaxSensitivity = 0.1 };
        MethodCheck second = Check("b", [0, 0], 0) with { Deletion = 0.2, Insertion = 0.8, Infidelity = 0.2, TimeInfidelity = 0.2, MaxSensitivity = 0.2 };
        Assert.Equal(1, ExplanationCheck.Agreement([first, second]));

        // Four of ten pairs of measures then disagree.
        Assert.Equal(0.2, ExplanationCheck.Agreement([first, second with { MaxSensitivity = 0 }]), 1e-12);
        Assert.Equal(double.NaN, ExplanationCheck.Agreement([first]));
    }

    private static MethodCheck Check(string name, double[] lead, double randomized) => new(name)
    {
        Deletion = 0,
        Insertion = 0,
        Lead = lead.Average(),
        LeadCi95 = EmotionXai.Landmarks.Statistics.Bootstrap.Mean(lead, 1000, 1),
        LeadByPerson = lead,
        Sufficiency = 0,
        Necessity = 0,
        EffectiveLandmarks = 1,
        Randomized = randomized,
    };
}
