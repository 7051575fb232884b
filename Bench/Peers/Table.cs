namespace EmotionXai.Bench.Peers;

/// <summary>Rows on the terminal, each as soon as it is measured.</summary>
internal sealed class Table(TextWriter output)
{
    private bool _begun;

    public void Add(Row row)
    {
        if (!_begun)
        {
            output.WriteLine();
            output.WriteLine(RowText.Head);
            _begun = true;
        }

        output.WriteLine(RowText.Line(row));
    }

    public void Close(IReadOnlyCollection<Row> rows)
    {
        output.WriteLine();
        output.WriteLine(RowText.Close(rows));
    }
}
