using System.Text.Json;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Storage;

public sealed class StorePathTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData(".lock")]
    [InlineData("a.")]
    [InlineData("a ")]
    [InlineData(@"a\b")]
    [InlineData("C:/a")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void A_name_that_is_invalid_in_any_store_is_refused(string name) =>
        Should.Throw<ArgumentException>(() => new StorePath(StoreArea.Data, name));

    [Fact]
    public void A_name_that_is_too_long_is_refused()
    {
        Should.Throw<ArgumentException>(() => new StorePath(StoreArea.Data, new string('a', 201)));
        Should.Throw<ArgumentException>(() => new StorePath(StoreArea.Data, new string('é', 101)));
        Should.Throw<ArgumentException>(() => new StorePath(StoreArea.Data, string.Join('/', Enumerable.Repeat("abcd", 103))));
    }

    [Theory]
    [InlineData(StoreArea.Data, "_state/latest.json")]
    [InlineData(StoreArea.Data, "exports/e/manifest.json")]
    [InlineData(StoreArea.State, "staging/run/file")]
    public void A_name_in_another_area_is_refused(StoreArea area, string name) =>
        Should.Throw<ArgumentException>(() => new StorePath(area, name));

    [Theory]
    [InlineData("messages/snapshot_date=2026-11-22/20261122T020000Z-0123abcd-00000.parquet")]
    [InlineData("_manifests/20261122T020000Z-0123abcd.json")]
    [InlineData("conversas/São Paulo 👋.jsonl.gz")]
    public void Names_of_the_lake_are_valid(string name) => new StorePath(StoreArea.Data, name).Name.ShouldBe(name);

    [Fact]
    public void A_path_from_JSON_is_checked_as_well()
    {
        JsonSerializer.Deserialize<StorePath>("""{"Area":"State","Name":"latest.json"}""")
            .ShouldBe(new StorePath(StoreArea.State, "latest.json"));
        Should.Throw<ArgumentException>(() => JsonSerializer.Deserialize<StorePath>("""{"Area":"State","Name":"../latest.json"}"""));
    }
}
