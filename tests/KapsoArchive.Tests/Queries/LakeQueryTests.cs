using System.Text.Json;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Views;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Query;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Documents;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Lake.Views;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Queries;

/// <summary>SQL over a lake by the embedded engine.</summary>
public sealed class LakeQueryTests(AzuriteServer azurite) : IDisposable
{
    private static readonly string[] Recipes =
        ["The present state", "Messages a day", "Response times", "Was last night complete?", "What is not complete?", "Search", "Inside the JSON columns"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_answers_as_an_installed_DuckDB_does_with_the_views()
    {
        string lake = _folder.File("lake of [Ana]*'s? é");
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 5, Messages = 600 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(lake));
        await harness.RunAsync(sandbox.Data.Conversations[0].Id);
        Manifest newest = await harness.RunAsync();
        using var duck = new DuckDb();
        duck.Execute(ViewScript.For(LakeEngine.DuckDb, new LakeLocation(lake)));

        foreach (string sql in Recipes.Select(QueryTests.Recipe).Append("SELECT * EXCLUDE (file) FROM committed_files").Append("FROM message_history").Append("FROM conversations"))
        {
            QueryAnswer answer = await AnswerAsync(new FolderStore(lake), null, sql.Replace("* EXCLUDE (file)", "*"));
            string[] expected = [.. duck.Rows($"SELECT concat_ws('|', *COLUMNS(*)) FROM ({sql})").Select(r => (string)r[0]!)];
            answer.Rows.Select(row => string.Join('|', row.Where(v => v is not null))).ShouldBe(expected, ignoreOrder: true, sql);
            answer.Snapshot.ShouldBe(newest.RunId);
        }
    }

    [Fact]
    public async Task It_answers_over_a_container_from_a_private_cache()
    {
        BlobStore store = BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 3, Messages = 200 }, cancellationToken: Cancellation);
        await using (var harness = new RunHarness(sandbox.BaseUrl, store))
            await harness.RunAsync();
        string cache = _folder.File("cache");

        QueryAnswer cold = await AnswerAsync(store, FileCache.Open(cache), "SELECT count(*) FROM messages_current");
        string[] copies = Directory.GetFiles(cache);
        await File.WriteAllTextAsync(copies[0], "damaged", Cancellation);
        QueryAnswer warm = await AnswerAsync(store, FileCache.Open(cache), "SELECT count(*) FROM messages_current JOIN conversations_current USING (conversation_id)");
        StoreException small = await Should.ThrowAsync<StoreException>(() => AnswerAsync(store, FileCache.Open(cache, bytes: 1000), "SELECT 1"));

        (cold.Rows[0][0], warm.Rows[0][0]).ShouldBe(("200", "200"));
        Directory.GetFiles(cache).ShouldBe(copies, ignoreOrder: true);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(cache).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            foreach (string file in copies)
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        small.Message.ShouldContain("Give it more: --cache-size 1.");
    }

    [Fact]
    public async Task Values_keep_their_form_in_JSON()
    {
        await new SmallLake(_folder.Path).AddAsync(20, isCommitted: true, ConversationOutcome.Complete, [("a", Change.Added, "one")], Cancellation);

        QueryAnswer answer = await AnswerAsync(new FolderStore(_folder.Path), null, """
            SELECT 9007199254740993 AS n, 1.50 AS d, 'nan'::DOUBLE AS nan, true AS b, NULL AS nothing, 'é' AS t, [1, 2] AS l, {'a': DATE '2026-03-01'} AS s,
              TIMESTAMPTZ '2026-03-01 12:00:00+05' AS z, 1 AS n, '{"a":1}'::JSON AS j FROM messages
            """);

        JsonElement row = JsonElement.Parse(answer.ToJson()).GetProperty("rows")[0];
        string.Join('|', row.EnumerateObject().Select(p => $"{p.Name}={p.Value.GetRawText()}")).ShouldBe(
            """n=9007199254740993|d=1.50|nan="nan"|b=true|nothing=null|t="é"|l=[1,2]|s={"a":"2026-03-01"}|z="2026-03-01 07:00:00+00"|n_1=1|j={"a":1}""");
    }

    [Fact]
    public async Task Runs_of_JSONL_only_are_counted_and_the_views_are_then_empty()
    {
        await new SmallLake(_folder.Path).AddAsync(20, isCommitted: true, ConversationOutcome.Complete, [("a", Change.Added, "one")], Cancellation);
        string file = Directory.GetFiles(_folder.File("_manifests"))[0];
        Manifest manifest = Manifest.FromJson(await File.ReadAllBytesAsync(file, Cancellation));
        await File.WriteAllBytesAsync(file, (manifest with { Files = [.. manifest.Files.Where(f => f.Dataset != "messages")] }).ToJson(), Cancellation);

        QueryAnswer answer = await AnswerAsync(new FolderStore(_folder.Path), null, "SELECT * FROM messages_current");

        (answer.Rows.Count, answer.RunsWithoutParquet).ShouldBe((0, 1));
        answer.Columns.Select(c => c.Name).ShouldContain("snapshot_date");
    }

    [Fact]
    public async Task A_missing_part_or_archive_is_named()
    {
        await new SmallLake(_folder.Path).AddAsync(20, isCommitted: true, ConversationOutcome.Complete, [("a", Change.Added, "one")], Cancellation);
        File.Delete(Directory.EnumerateFiles(_folder.File("messages"), "*.parquet", SearchOption.AllDirectories).First());

        StoreException missing = await Should.ThrowAsync<StoreException>(() => AnswerAsync(new FolderStore(_folder.Path), null, "SELECT 1"));
        SettingException nowhere = await Should.ThrowAsync<SettingException>(() => AnswerAsync(new FolderStore(_folder.File("none")), null, "SELECT 1"));

        missing.Message.ShouldContain("is missing. Find out more with `kapso-archive verify`.");
        nowhere.Message.ShouldStartWith("There is no archive at ");
    }

    private static Task<QueryAnswer> AnswerAsync(IStore store, FileCache? cache, string sql) =>
        new LakeQuery(store, cache).AnswerAsync(sql, new QueryLimits(), Cancellation);
}
