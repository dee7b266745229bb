namespace KapsoArchive.Tests.Readers;

/// <summary>Every cell of the matrix that is not right. <c>docs/readers.md</c> shows them to those who query the lake.</summary>
internal static class WrongCells
{
    private const string Doubles = "Its JSON functions make the number a double. The column's text has every digit.";
    private const string Dates = "A `Date` has milliseconds, rounded towards 1970.";

    public static IReadOnlyList<WrongCell> All { get; } =
    [
        .. Of("DuckDB", Doubles,
            ("a number too small for a double", "n in metadata: 0.0"),
            ("more digits than a double", "n in metadata: 0.12345678901234568")),
        .. Of("ClickHouse", Doubles,
            ("a number too small for a double", "n in metadata: 0"),
            ("more digits than a double", "n in metadata: 0.12345678901234568")),
        .. Of("ClickHouse", "Its JSON functions refuse the whole text if one number in it is beyond a double, or whole and beyond 64 bits. The column's text is right.",
            ("a number beyond a double", "metadata, members: null; n in metadata: null; after in metadata: null"),
            ("a negative number beyond a double", "metadata, members: null; n in metadata: null; after in metadata: null"),
            ("more digits than 64 bits", "metadata, members: null; n in metadata: null; after in metadata: null"),
            ("a number for a text", "extra, members: null"),
            ("an id that is a number", "extra, members: null")),
        .. Of("polars", Doubles,
            ("a number too small for a double", "n in metadata: 0.0"),
            ("more digits than 64 bits", "n in metadata: 1.2345678901234568e+29"),
            ("more digits than a double", "n in metadata: 0.12345678901234568")),
        .. Of("polars", "Its JSON functions give null for the whole text if a number in it is beyond a double. The column's text is right.",
            ("a number beyond a double", "metadata, members: null; n in metadata: null; after in metadata: null"),
            ("a negative number beyond a double", "metadata, members: null; n in metadata: null; after in metadata: null")),
        .. Of("polars", "Its JSON functions give null for JSON nested deeper than 127. The column's text is right.",
            ("JSON nested 128 deep", "metadata, members: null; after in metadata: null"),
            ("JSON nested 250 deep", "metadata, members: null; after in metadata: null")),
        .. Of("polars", $"{Dates} Cast to `Int64`, or format with `strftime`, for the microseconds.",
            ("year 1899", "created_at, as a Date: 1900-01-01T00:00:00.000Z"),
            ("the microsecond before 1970", "created_at, as a Date: 1970-01-01T00:00:00.000Z"),
            ("the last microsecond of year 9999", "created_at, as a Date: +010000-01-01T00:00:00.000Z")),
        .. Of("hyparquet", "`JSON.parse` makes every number a double. The column's text has every digit.",
            ("a number beyond a double", "n in metadata: Infinity"),
            ("a negative number beyond a double", "n in metadata: -Infinity"),
            ("a number too small for a double", "n in metadata: 0"),
            ("more digits than 64 bits", "n in metadata: 1.2345678901234568e+29"),
            ("more digits than a double", "n in metadata: 0.12345678901234568"),
            ("a whole number beyond 2⁵³", "n in metadata: 9007199254740992"),
            ("the largest of 64 bits", "n in metadata: 9223372036854776000"),
            ("the largest of 64 bits without a sign", "n in metadata: 18446744073709552000")),
        .. Of("hyparquet", $"{Dates} Pass `parsers` with a `timestampFromMicroseconds` of your own for the microseconds.",
            ("year 1677, before 64 bits of nanoseconds", "created_at, as a Date: 1677-01-01T00:00:00.001Z"),
            ("year 1899", "created_at, as a Date: 1900-01-01T00:00:00.000Z"),
            ("the microsecond before 1970", "created_at, as a Date: 1970-01-01T00:00:00.000Z")),
        .. Of("System.Text.Json", "By default it refuses JSON nested deeper than 64, and the line is one of these levels. Set `MaxDepth` to 258.",
            ("JSON nested 64 deep", WrongCell.NoRow),
            ("JSON nested 128 deep", WrongCell.NoRow),
            ("JSON nested 250 deep", WrongCell.NoRow)),
        .. Of("System.Text.Json", "`TryGetDateTimeOffset` reads ISO 8601 alone: with `T`, and a point before the fraction. The Parquet column has the time.",
            ("a time with a space", "created_at: null"),
            ("a time with a comma", "created_at: null")),
        .. Of("System.Text.Json", "`TryGetDateTimeOffset` reads a date alone as its midnight. To the archive it is no time: the Parquet column is null.",
            ("a date without a time", "created_at: 1772409600000000")),
        .. Of("jq 1.6", "It makes every number a double. jq 1.7 and later keep the digits of a number that they only copy (not run).",
            ("a number beyond a double", "metadata: {\"n\":1.7976931348623157e+308,\"after\":\"seen\"}; n in metadata: 1.7976931348623157e+308"),
            ("a negative number beyond a double", "metadata: {\"n\":-1.7976931348623157e+308,\"after\":\"seen\"}; n in metadata: -1.7976931348623157e+308"),
            ("a number too small for a double", "metadata: {\"n\":0,\"after\":\"seen\"}; n in metadata: 0"),
            ("more digits than 64 bits", "metadata: {\"n\":123456789012345680000000000000,\"after\":\"seen\"}; n in metadata: 123456789012345680000000000000"),
            ("more digits than a double", "metadata: {\"n\":0.12345678901234568,\"after\":\"seen\"}; n in metadata: 0.12345678901234568"),
            ("a whole number beyond 2⁵³", "metadata: {\"n\":9007199254740992,\"after\":\"seen\"}; n in metadata: 9007199254740992"),
            ("the largest of 64 bits", "metadata: {\"n\":9223372036854776000,\"after\":\"seen\"}; n in metadata: 9223372036854776000"),
            ("the largest of 64 bits without a sign", "metadata: {\"n\":18446744073709552000,\"after\":\"seen\"}; n in metadata: 18446744073709552000")),
        .. Of("jq 1.6", "It makes the id a double, so it has the row under another id. In Parquet the id is a text as it was sent.",
            ("an id that is a number", WrongCell.NoRow),
            ("an id that is a number with an exponent", WrongCell.NoRow)),
    ];

    private static IEnumerable<WrongCell> Of(string reader, string reason, params IEnumerable<(string Kind, string Shown)> cells) =>
        cells.Select(cell => new WrongCell(cell.Kind, reader, cell.Shown, reason));
}
