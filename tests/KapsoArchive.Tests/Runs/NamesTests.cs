using AngleSharp.Html.Parser;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Views;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

/// <summary>Who a conversation is with stays known, whatever a later run reads and by whichever way.</summary>
public sealed class NamesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ShiftedTime _time = new(new DateTimeOffset(2026, 11, 20, 2, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FolderStore Store => new(_folder.File("lake"), _time);

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs of all, of some by id, and of what the list no longer has, in a drawn order.</summary>
    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public async Task Runs_in_any_order_lose_no_name(int seed)
    {
        var random = new Random(seed);
        await using ListSource source = await new ListSource { Conversations = Rows(30) }.StartAsync();
        await using var harness = new RunHarness(source.Api, Store, time: _time);
        await harness.RunAsync();
        for (int night = 0; night < (Samples.IsExhaustive ? 40 : 6); night++)
        {
            _time.Advance(TimeSpan.FromDays(random.Next(1, 9)));
            string[] some = [.. Enumerable.Range(0, 30).Where(_ => random.Next(3) == 0).Select(i => $"c{i}")];
            if (random.Next(2) == 0)
                source.Conversations.RemoveAll(_ => random.Next(4) == 0);
            await (random.Next(2) == 0 && some.Length > 0 ? harness.RunAsync(some) : harness.RunAsync());
        }

        using DuckDb duck = Duck();
        duck.Rows("SELECT conversation_id, phone_number, contact_name, business_scoped_user_id, username, extra FROM conversations_current ORDER BY 1").Select(r => string.Join('|', r)).ShouldBe(
            Enumerable.Range(0, 30).Select(i => $"c{i}").Order(StringComparer.Ordinal).Select(id => $$"""{{id}}|+1{{id}}|Name {{id}}|PE.{{id}}|user{{id}}|{"phone_number_id":"1555"}"""), $"seed {seed}");
        IndexCatalog catalog = (await ArchiveIndex.ReadAsync(Store, Cancellation)).Catalog;
        catalog.Conversations.ShouldAllBe(c => c.Names == new IndexedNames($"+1{c.Id}", $"Name {c.Id}", $"PE.{c.Id}", $"user{c.Id}"));
        IndexCatalog rebuilt = await new IndexRebuild(Store).FoldAsync(leaf => Task.FromResult(IndexLeaf.NameOf(IndexLeaf.ToBytes(leaf))), Cancellation);
        rebuilt.ToBytes().ToArray().ShouldBe(catalog.ToBytes().ToArray());
    }

    [Theory]
    [InlineData(true, "Name c3")]
    [InlineData(false, "+1c3")]
    public async Task An_export_by_id_is_titled_by_name_or_number(bool hasArchive, string title)
    {
        await using ListSource source = await new ListSource { Conversations = Rows(5) }.StartAsync();
        await using var harness = new RunHarness(source.Api, Store);
        if (hasArchive)
            await harness.RunAsync();

        Manifest export = await harness.ExportAsync(TimeRange.All, [PartFormat.Html], Cancellation, "c3");

        string page = await File.ReadAllTextAsync(Directory.GetFiles(_folder.File($"lake/exports/{export.RunId}/messages_html"), "index.html", SearchOption.AllDirectories).Single(f => !f.EndsWith("messages_html/index.html", StringComparison.Ordinal)), Cancellation);
        new HtmlParser().ParseDocument(page).QuerySelector("h1")!.TextContent.ShouldBe(title);
        harness.Tracker.Requests.ShouldBe(1, "the export asks for its conversation alone");
    }

    [Fact]
    public void The_last_given_name_counts_and_a_missing_one_does_not()
    {
        var names = new IndexedNames("+1", "Ana", null, "ana");

        names.Then(new IndexedNames(null, "Zoë", "PE.1", null)).ShouldBe(new IndexedNames("+1", "Zoë", "PE.1", "ana"));
        names.Then(IndexedNames.None).ShouldBeSameAs(names);
    }

    private static List<(string Id, DateTimeOffset LastActiveAt)> Rows(int count) =>
        [.. Enumerable.Range(0, count).Select(i => ($"c{i}", new DateTimeOffset(2026, 11, 19, 0, 0, 0, TimeSpan.Zero).AddSeconds(-i)))];

    private DuckDb Duck()
    {
        var duck = new DuckDb();
        duck.Execute(ViewScript.For(LakeEngine.DuckDb, new LakeLocation(_folder.File("lake"))));
        return duck;
    }
}
