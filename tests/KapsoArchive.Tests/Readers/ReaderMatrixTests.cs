namespace KapsoArchive.Tests.Readers;

/// <summary>Each kind of record, read by each engine: every value of the row is the one that was archived, or the cell is one of
/// <see cref="WrongCells"/>.</summary>
public sealed class ReaderMatrixTests(MatrixLake lake) : IClassFixture<MatrixLake>
{
    private static readonly MatrixReader[] Readers =
    [
        new DuckDbMatrixReader(), new ClickHouseMatrixReader(), new NodeMatrixReader("polars", Sighting.TimeAsText, Sighting.TimeAsDate),
        new NodeMatrixReader("hyparquet", Sighting.TimeAsDate), new ArrowMatrixReader(), new DuckDbLinesMatrixReader(), new ClickHouseLinesMatrixReader(),
        new SystemTextJsonMatrixReader(), .. JqMatrixReader.IsInstalled ? [new JqMatrixReader()] : (MatrixReader[])[],
    ];

    public static TheoryData<string> Names => new(Readers.Select(reader => reader.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_reader_shows_every_kind_of_record_as_it_is(string name)
    {
        MatrixReader reader = Readers.Single(reader => reader.Name == name);

        IReadOnlyList<Sighting> rows = await reader.ReadAsync(lake, TestContext.Current.CancellationToken);

        ILookup<string, Sighting> byId = rows.ToLookup(row => row.Id);
        List<(string Kind, string Shown)> wrong = [];
        foreach (RecordKind kind in RecordKinds.All)
        {
            string? shown = byId[kind.Id].Count() switch
            {
                0 => WrongCell.NoRow,
                1 => reader.Difference(byId[kind.Id].Single(), lake.Truth(kind)),
                _ => "several rows",
            };
            if (shown is not null)
                wrong.Add((kind.Name, shown));
        }

        rows.Count.ShouldBeLessThanOrEqualTo(RecordKinds.All.Count);
        wrong.ShouldBe(WrongCells.All.Where(cell => cell.Reader == name).Select(cell => (cell.Kind, cell.Shown)), ignoreOrder: true);
    }

    [Fact]
    public void The_matrix_has_at_least_74_kinds_of_record()
    {
        RecordKinds.All.Count.ShouldBeGreaterThanOrEqualTo(74);
        RecordKinds.All.Select(kind => kind.Name).ShouldBeUnique();
        RecordKinds.All.Select(kind => kind.Id).ShouldBeUnique();
    }
}
