using System.Runtime.InteropServices;
using KapsoArchive.Tests.Infrastructure;
using ParquetSharp;

namespace KapsoArchive.Tests.Readers;

/// <summary>Arrow C++. It has no functions for JSON, and leaves it to its caller to skip row groups by their statistics.</summary>
internal sealed class ArrowMatrixReader() : MatrixReader("Arrow C++ (ParquetSharp)")
{
    private static readonly int IdColumn = Sighting.Columns.ToList().IndexOf("id");

    public override IReadOnlyList<string> Shown { get; } = [.. Sighting.Columns, Sighting.FoundById];

    public override async Task<IReadOnlyList<Sighting>> ReadAsync(MatrixLake lake, CancellationToken cancellationToken)
    {
        IReadOnlyList<object?[]> rows = await ArrowReader.ReadAsync(lake.Parquet, cancellationToken);
        List<Sighting> sightings = [.. rows.Select(row => Sighting.Of(Sighting.Columns.Zip(row.Select(Sighting.Digits))))];
        using var file = new ParquetFileReader(lake.Parquet);
        List<(byte[] Min, byte[] Max, string[] Ids)> groups = [.. Enumerable.Range(0, file.FileMetaData.NumRowGroups).Select(group => Group(file, group))];
        foreach (Sighting sighting in sightings)
        {
            byte[] id = System.Text.Encoding.UTF8.GetBytes(sighting.Id);
            sighting[Sighting.FoundById] = Sighting.Digits(groups.Where(group => id.AsSpan().SequenceCompareTo(group.Min) >= 0 && id.AsSpan().SequenceCompareTo(group.Max) <= 0).Sum(group => group.Ids.Count(other => other == sighting.Id)));
        }

        return sightings;
    }

    private static (byte[] Min, byte[] Max, string[] Ids) Group(ParquetFileReader file, int number)
    {
        using RowGroupReader group = file.RowGroup(number);
        using LogicalColumnReader<string> ids = group.Column(IdColumn).LogicalReader<string>();
        var bounds = (Statistics<ByteArray>)group.MetaData.GetColumnChunkMetaData(IdColumn).Statistics!;
        return (Bytes(bounds.Min), Bytes(bounds.Max), ids.ReadAll((int)group.MetaData.NumRows));
    }

    private static byte[] Bytes(ByteArray text)
    {
        byte[] bytes = new byte[text.Length];
        Marshal.Copy(text.Pointer, bytes, 0, bytes.Length);
        return bytes;
    }
}
