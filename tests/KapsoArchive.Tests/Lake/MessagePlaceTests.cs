using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

/// <summary>The order of pages: where messages lie in parts does not decide which of one moment comes first.</summary>
public sealed class MessagePlaceTests
{
    private const int GroupSize = 100;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_with_equal_times_are_in_order_of_position_across_row_groups(bool isOldPart)
    {
        var random = new Random(20261126);
        MessageRow[] rows = [.. Enumerable.Range(0, 1_000).Select(i => Rows.Flatten($$"""{"id":"{{random.Next(100_000)}}-{{i}}"}"""))];
        foreach (MessageRow row in rows)
            (row.CreatedAt, row.Position) = (random.Next(5) == 0 ? null : random.Next(4), random.Next(5) == 0 ? null : random.Next(-500, 500));
        IReadOnlyList<MessageRow>[] groups = [.. rows.Chunk(GroupSize).Select(Rows.Sorted)];
        byte[] content = await (isOldPart ? OlderParts.WriteAsync(PartFormat.Parquet, groups, Cancellation) : Rows.PartAsync(PartFormat.Parquet, groups, Cancellation));

        List<MessagePlace> places = [];
        await foreach (MessageBatch batch in PartReader.BatchesAsync(PartFormat.Parquet, new MemoryStream(content), Cancellation))
            places.AddRange(await batch.PlacesAsync(batch.Number, Cancellation));
        places.Sort(MessagePlace.Compare);

        places.Select(p => groups[p.Group][p.Row].Id.ToString()).ShouldBe(groups
            .SelectMany((g, number) => g.Select((r, i) => (Row: r, Group: number, Place: i)))
            .OrderBy(r => r.Row.CreatedAt ?? long.MinValue)
            .ThenBy(r => isOldPart ? long.MinValue : r.Row.Position ?? long.MinValue)
            .ThenBy(r => r.Group)
            .ThenBy(r => r.Place)
            .Select(r => r.Row.Id.ToString()));
    }
}
