namespace EmotionXai.Landmarks.Datasets;

/// <summary>The structures of a Parquet file with the types of their fields. Source: Apache Parquet, <c>parquet.thrift</c> 2.11.</summary>
internal static class ParquetShapes
{
    private static readonly ThriftShape s_empty = new();

    private static readonly ThriftShape s_statistics = new(
        Text(1), Text(2), Long(3), Long(4), Text(5), Text(6), Flag(7), Flag(8));

    private static readonly ThriftShape s_unit = new(Of(1, s_empty), Of(2, s_empty), Of(3, s_empty));

    private static readonly ThriftShape s_logical = new(
        Of(1, s_empty), Of(2, s_empty), Of(3, s_empty), Of(4, s_empty), Of(5, new ThriftShape(Int(1), Int(2))), Of(6, s_empty),
        Of(7, new ThriftShape(Flag(1), Of(2, s_unit))), Of(8, new ThriftShape(Flag(1), Of(2, s_unit))),
        Of(10, new ThriftShape(new ThriftField(1, Wire.Byte), Flag(2))), Of(11, s_empty), Of(12, s_empty), Of(13, s_empty), Of(14, s_empty), Of(15, s_empty),
        Of(16, new ThriftShape(new ThriftField(1, Wire.Byte))), Of(17, new ThriftShape(Text(1))), Of(18, new ThriftShape(Text(1), Int(2))));

    private static readonly ThriftShape s_schema = new(
        Int(1), Int(2), Int(3), Text(4), Int(5), Int(6), Int(7), Int(8), Int(9), Of(10, s_logical));

    private static readonly ThriftShape s_pair = new(Text(1), Text(2));

    private static readonly ThriftShape s_box = new([.. Enumerable.Range(1, 8).Select(i => new ThriftField(i, Wire.Double))]);

    private static readonly ThriftShape s_column = new(
        Int(1), List(2, Wire.I32), List(3, Wire.Binary), Int(4), Long(5), Long(6), Long(7), List(8, s_pair), Long(9), Long(10), Long(11), Of(12, s_statistics),
        List(13, new ThriftShape(Int(1), Int(2), Int(3))), Long(14), Int(15), Of(16, new ThriftShape(Long(1), List(2, Wire.I64), List(3, Wire.I64))),
        Of(17, new ThriftShape(Of(1, s_box), List(2, Wire.I32))));

    private static readonly ThriftShape s_encryption = new(
        Of(1, new ThriftShape(Text(1), Text(2), Flag(3))), Of(2, new ThriftShape(Text(1), Text(2), Flag(3))));

    private static readonly ThriftShape s_chunk = new(
        Text(1), Long(2), Of(3, s_column), Long(4), Int(5), Long(6), Int(7), Of(8, new ThriftShape(Of(1, s_empty), Of(2, new ThriftShape(List(1, Wire.Binary), Text(2))))), Text(9));

    private static readonly ThriftShape s_group = new(
        List(1, s_chunk), Long(2), Long(3), List(4, new ThriftShape(Int(1), Flag(2), Flag(3))), Long(5), Long(6), new ThriftField(7, Wire.I16));

    /// <summary>The footer.</summary>
    public static ThriftShape File { get; } = new(
        Int(1), List(2, s_schema), Long(3), List(4, s_group), List(5, s_pair), Text(6), List(7, new ThriftShape(Of(1, s_empty))), Of(8, s_encryption), Text(9));

    /// <summary>The head of a page.</summary>
    public static ThriftShape Page { get; } = new(
        Int(1), Int(2), Int(3), Int(4), Of(5, new ThriftShape(Int(1), Int(2), Int(3), Int(4), Of(5, s_statistics))), Of(6, s_empty),
        Of(7, new ThriftShape(Int(1), Int(2), Flag(3))), Of(8, new ThriftShape(Int(1), Int(2), Int(3), Int(4), Int(5), Int(6), Flag(7), Of(8, s_statistics))));

    private static ThriftField Int(int id) => new(id, Wire.I32);

    private static ThriftField Long(int id) => new(id, Wire.I64);

    private static ThriftField Text(int id) => new(id, Wire.Binary);

    private static ThriftField Flag(int id) => new(id, Wire.True);

    private static ThriftField Of(int id, ThriftShape shape) => new(id, Wire.Struct, shape);

    private static ThriftField List(int id, ThriftShape shape) => new(id, Wire.List, shape);

    private static ThriftField List(int id, Wire item) => new(id, Wire.List, null, item);
}
