using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Tests.Readme;
using Xunit;

namespace EmotionXai.Tests.Work;

/// <summary>What standard work asks of the backend, held to a record that is committed: a change that does more than before is seen, however the machine's clock strays.</summary>
public sealed class WorkRecordTests
{
    private static readonly string s_file = Path.Combine("Tests", "Work", "record.txt");

    // The record holds the widths that most machines have.
    private static IEnumerable<int> Widths => VectorWidths.Supported.Where(l => l >= 8);

    [Fact]
    public void Standard_work_takes_what_the_record_says()
    {
        Assert.SkipUnless(Widths.Any(), "This machine has neither 512 nor 256 bits.");
        string path = Path.Combine(ReadmeFile.Root(), s_file);
        string[] measured = [.. StandardWork.All.SelectMany(w => Widths.SelectMany(w.Measure).Distinct())];
        if (Environment.GetEnvironmentVariable(WorkRecord.Renew) == "1") File.WriteAllText(path, string.Join('\n', measured) + "\n");
        string? difference = WorkRecord.Difference(File.ReadAllLines(path), measured);
        Assert.True(difference is null, difference);
    }

    [Fact]
    public void An_op_that_is_called_once_more_is_told_in_one_line()
    {
        StandardWork work = StandardWork.All.Single(w => w.Name == "training epoch, dense"), more = work with { Open = OneFillMore };
        int lanes = VectorWidths.Supported.First();
        string[] record = [.. work.Ops(lanes)];
        Assert.Null(WorkRecord.Difference(record, work.Ops(lanes)));
        string? difference = WorkRecord.Difference(record, more.Ops(lanes));
        Assert.StartsWith("training epoch, dense | Fill: ", difference, StringComparison.Ordinal);
        Assert.Contains($"'{WorkRecord.Renew}=1 ./test.sh -class ", difference, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', difference!);
        Assert.DoesNotContain("more)", difference, StringComparison.Ordinal);

        StandardWork.Opened OneFillMore(IBackend backend)
        {
            StandardWork.Opened opened = work.Open(backend);
            Slice room = new(backend.Allocate(4), 0, 4);
            return opened with
            {
                Step = () =>
                {
                    opened.Step();
                    backend.Fill(room, 1);
                },
            };
        }
    }

    [Theory]
    [InlineData("w | packings, 256 bits | 3", "w | packings, 256 bits | 4", false)]
    [InlineData("w | packings, 512 bits | 3", "", true)]
    [InlineData("", "w | packings, 512 bits | 3", false)]
    [InlineData("w | managed bytes | 0", "", false)]
    [InlineData("w | managed bytes | 0", "w | managed bytes | 24", false)]
    [InlineData("w | instructions, 256 bits | 1000", "w | instructions, 256 bits | 1040", true)]
    [InlineData("w | instructions, 256 bits | 1000", "w | instructions, 256 bits | 1100", false)]
    [InlineData("w | instructions, 256 bits | 1000", "", true)]
    [InlineData("", "w | instructions, 256 bits | 1000", true)]
    public void Counts_must_be_the_same_and_instructions_nearly(string record, string measured, bool same) => Assert.Equal(same, WorkRecord.Difference([record], [measured]) is null);
}
