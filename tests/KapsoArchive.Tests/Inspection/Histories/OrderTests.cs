using System.Text;
using KapsoArchive.Core.Inspection.Histories;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Lake.Views;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Documents;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Lake;
using KapsoArchive.Tests.Lake.Views;

namespace KapsoArchive.Tests.Inspection.Histories;

/// <summary>
/// Messages of one moment stand where their first version stood, in every reader of an archive: over generated archives of several nights,
/// of older and newer parts, with messages that
/// changed, were removed and came back.
/// </summary>
public sealed class OrderTests
{
    private const string Conversation = "c";
    private const int Days = 5;

    private static readonly string[] Ids = ["a", "b", "c", "d", "e", "f", "g"];

    private static int Lakes => Environment.GetEnvironmentVariable("KAPSO_ARCHIVE_EXHAUSTIVE") == "1" ? 300 : 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => new(20261126, Random.Shared.Next());

    [Fact]
    public async Task A_later_version_does_not_move_a_message()
    {
        using var folder = new TemporaryFolder();
        var lake = new SmallLake(folder.Path);
        await AddAsync(lake, 1, Datasets.SchemaVersion, [("z", Change.Added, 1), ("m", Change.Added, 2), ("a", Change.Added, 3)]);
        await AddAsync(lake, 2, Datasets.SchemaVersion, [("m", Change.Changed, -90), ("z", Change.Changed, 70), ("b", Change.Added, -100)]);

        (await ShownAsync(folder.Path)).ShouldBe(["z", "m", "a", "b"]);
        Queried(folder.Path).ShouldBe(["z", "m", "a", "b"]);
    }

    [Fact]
    public async Task Messages_of_older_parts_come_first_and_keep_their_order()
    {
        using var folder = new TemporaryFolder();
        var lake = new SmallLake(folder.Path);
        await AddAsync(lake, 1, OlderParts.SchemaVersion, [("y", Change.Added, 9), ("x", Change.Added, 10)]);
        await AddAsync(lake, 2, Datasets.SchemaVersion, [("y", Change.Changed, -5), ("b", Change.Added, -3), ("a", Change.Added, -2), ("n", Change.Added, null)]);

        (await ShownAsync(folder.Path)).ShouldBe(["x", "y", "n", "b", "a"]);
        Queried(folder.Path).ShouldBe(["x", "y", "n", "b", "a"]);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_reader_orders_any_archive_alike(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < Lakes; i++)
        {
            using var folder = new TemporaryFolder();
            IReadOnlyList<string> expected = await MakeAsync(new SmallLake(folder.Path), random);

            Queried(folder.Path).ShouldBe(expected, $"DuckDB, seed {seed}, lake {i}");
            if (expected.Count == 0)
                continue;
            (await ShownAsync(folder.Path)).ShouldBe(expected, $"show, seed {seed}, lake {i}");
            Directory.Delete(folder.File("messages"), recursive: true);
            await WithoutParquetAsync(folder.Path);
            (await ShownAsync(folder.Path)).ShouldBe(expected, $"show of JSONL, seed {seed}, lake {i}");
        }
    }

    /// <summary>Some nights, and the ids in the order in which a reader should give them.</summary>
    private static async Task<IReadOnlyList<string>> MakeAsync(SmallLake lake, Random random)
    {
        Dictionary<string, (int Day, long Position)> first = [];
        HashSet<string> present = [];
        int firstNewDay = random.Next(1, Days + 1);
        for (int day = 1; day <= Days; day++)
        {
            bool isOld = day < firstNewDay;
            List<(string Id, Change Change, long? Position)> messages = [];
            foreach (string id in Ids.Where(id => random.Next(3) == 0 || (day == 1 && id == Ids[0])))
            {
                Change change = !present.Contains(id) ? Change.Added : random.Next(3) == 0 ? Change.Removed : Change.Changed;
                long? position = change == Change.Removed || random.Next(4) == 0 ? null : random.Next(-3, 3);
                messages.Add((id, change, position));
                first.TryAdd(id, (day, isOld ? long.MinValue : position ?? long.MinValue));
                if (change == Change.Removed)
                    present.Remove(id);
                else
                    present.Add(id);
            }

            if (messages.Count > 0)
                await AddAsync(lake, day, isOld ? OlderParts.SchemaVersion : Datasets.SchemaVersion, messages);
        }

        return [.. present.OrderBy(id => first[id].Day).ThenBy(id => first[id].Position).ThenBy(id => id, StringComparer.Ordinal)];
    }

    private static Task AddAsync(SmallLake lake, int day, int schemaVersion, IEnumerable<(string Id, Change Change, long? Position)> messages)
    {
        RunStamp run = SmallLake.Run(day);
        return lake.AddAsync(run, isCommitted: true, ConversationOutcome.Complete, Rows.Sorted(messages.Select(m => Row(run, m.Id, m.Change, m.Position))), schemaVersion, Cancellation);
    }

    private static MessageRow Row(RunStamp run, string id, Change change, long? position)
    {
        if (change == Change.Removed)
            return MessageRow.Removed(Utf8Text.From(Conversation), Utf8Text.From(id), run);
        string record = $$"""{"id":"{{id}}","content":"{{run.RunId}}","created_at":"2026-11-01T09:30:00Z"}""";
        MessageRow row = new RecordFlattener(Utf8Text.From(Conversation), run).Flatten(Encoding.UTF8.GetBytes(record), out _)!;
        (row.Change, row.Position) = (change, position);
        return row;
    }

    private static async Task<IEnumerable<string>> ShownAsync(string folder) =>
        (await new ConversationHistories(new FolderStore(folder)).ReadAsync(new HistoryRequest(Conversation, int.MaxValue), Cancellation)).Messages.Select(m => m.Id);

    /// <summary>The view, in the order that docs/queries.md gives for one conversation.</summary>
    private static List<string> Queried(string folder)
    {
        using var duck = new DuckDb();
        duck.Execute(ViewScript.For(LakeEngine.DuckDb, new LakeLocation(folder)));
        string recipe = QueryTests.Recipe("One conversation").Replace("SELECT ", "SELECT id, ").Replace("CONVERSATION", Conversation);
        return [.. duck.Rows(recipe).Select(r => (string)r[0]!)];
    }

    private static async Task WithoutParquetAsync(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "_manifests")))
        {
            Manifest manifest = Manifest.FromJson(await File.ReadAllBytesAsync(file, Cancellation));
            await File.WriteAllBytesAsync(file, (manifest with { Files = [.. manifest.Files.Where(f => f.Dataset != Datasets.Messages.Name)] }).ToJson(), Cancellation);
        }
    }
}
