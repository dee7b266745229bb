using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Search;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Messages;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Core.Text;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Lake.Views;
using KapsoArchive.Tests.Pages.Conversations;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Inspection.Search;

/// <summary>Messages are found by their text, in whatever form it is written.</summary>
public sealed class MessageSearchTests(AzuriteServer azurite) : IDisposable
{
    private const int Days = 4;

    private static readonly string[] Contents =
    [
        "Where is my CAFÉ order?", "cafe\u0301 con leche", "the ﬁnal oﬀer", "ＦＵＬＬ ＷＩＤＴＨ café", "straße", "İstanbul", "ca\u200Bfe", "  two\n\twords ", "美 李 café", "👍🏽 ok",
        "100 % x", "error", "Ω ohm", "\"quoted\" \\ back", "½ cup", "naïve—dash", "\uD83D half", "",
    ];

    private static readonly string[] Queries =
    [
        "café", "CAFE", "Cafe\u0301", "ｃａｆｅ", "final offer", "strasse", "STRASSE", "istanbul", "two words", "mei li", "ok", "x", "error", "without a name", "a", "e", "?", "%", "½", "—",
        "ohm", "no such text anywhere", "half", "\"", "2 x", "00",
    ];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public async Task It_finds_what_a_reader_of_every_present_message_finds(int seed)
    {
        var random = new Random(seed);
        Dictionary<string, MessageRow> present = [];
        SmallLake lake = new(_folder.Path);
        for (int day = 1; day <= Days; day++)
        {
            RunStamp run = SmallLake.Run(day);
            MessageRow[] rows =
                [.. Enumerable.Range(0, Samples.Count(150, 2000)).Where(_ => day == 1 || random.Next(4) == 0).Select(i => Row(random, run, i, present))];
            await lake.AddAsync(run, isCommitted: true, ConversationOutcome.Complete, Rows.Sorted(rows), Datasets.SchemaVersion, Cancellation);
            if (random.Next(2) == 0)
                await WithoutParquetAsync(run.RunId);
        }

        ChatMessage[] messages = [.. present.Values.Where(r => r.Change != Change.Removed).Select(ChatMessage.Of)];
        string[] words = [.. messages.SelectMany(Texts)];
        IEnumerable<string> some = Enumerable.Range(0, Samples.Count(15, 200)).Select(_ => Part(random, words[random.Next(words.Length)]));
        foreach (string query in Queries.Concat(some).Where(q => FoldedText.Of(q).Length > 0))
        {
            MessageMatches found = await new MessageSearch(new FolderStore(_folder.Path), cache: null).FindAsync(new MessageQuery(query), int.MaxValue, Cancellation);

            string wanted = FoldedText.Of(query);
            ChatMessage[] expected = [.. messages.Where(m => Texts(m).Any(t => FoldedText.Of(t).Contains(wanted, StringComparison.Ordinal)))];
            expected.ExceptBy(found.Messages.Select(m => m.MessageId), m => m.Id).ShouldBeEmpty($"not found: {query}, seed {seed}");
            found.Messages.ExceptBy(expected.Select(m => m.Id), m => m.MessageId).ShouldBeEmpty($"found too: {query}, seed {seed}");
            found.Messages.ShouldAllBe(m => FoldedText.Of(m.Snippet).Contains(wanted, StringComparison.Ordinal), query);
            found.Total.ShouldBe(found.Messages.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public void A_text_is_found_exactly_where_it_folds_to_the_wanted_one(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < Samples.Count(2000, 100_000); i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Contents[random.Next(Contents.Length)] + " \n"[random.Next(2)]));
            string wanted = FoldedText.Of(random.Next(2) == 0 ? Part(random, text) : Queries[random.Next(Queries.Length)]);
            if (wanted.Length == 0)
                continue;

            (int start, int length) = FoldedText.Find(text, wanted);

            (length > 0).ShouldBe(FoldedText.Of(text).Contains(wanted, StringComparison.Ordinal), $"{wanted} in {text}");
            if (length > 0)
                FoldedText.Of(text.Substring(start, length)).ShouldContain(wanted, Case.Sensitive, $"{wanted} in {text}");
        }
    }

    [Theory]
    [InlineData(PartFormat.Parquet, false)]
    [InlineData(PartFormat.Jsonl, false)]
    [InlineData(PartFormat.Parquet, true)]
    public async Task Only_the_newest_version_of_a_message_is_found_and_no_removed_one(PartFormat format, bool inContainer)
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 4, Messages = 500 }, cancellationToken: Cancellation);
        IStore store = inContainer ? BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName()) : new FolderStore(_folder.Path);
        FileCache? cache = inContainer ? FileCache.Open(_folder.File("cache")) : null;
        MovingListing listing = sandbox.Listings.Moving(sandbox.Data.Conversations.MaxBy(c => c.MessageCount)!.Id);
        await using var harness = new RunHarness(
            sandbox.BaseUrl, store, new RunLimits { RowGroupRows = 50, PartBytes = 20_000 }, settings: new KeyValuePair<string, string?>("Archive:RemovalGrace", "00:00:00"));
        var request = new RunRequest { Conversations = ConversationSelection.All, Formats = [format], Trigger = "cli", Full = true };
        await harness.RunAsync(request);
        async Task<MessageMatches> FindAsync(MessageQuery query) => await new MessageSearch(store, cache).FindAsync(query, 10_000, Cancellation);
        MessageMatches first = await FindAsync(new MessageQuery("e"));
        string removed = listing.At(1).Id;
        listing.Delete(removed);
        await harness.RunAsync(request);
        Manifest newest = await harness.RunAsync(request);

        MessageMatches found = await FindAsync(new MessageQuery("e"));
        DateTimeOffset middle = found.Messages[found.Messages.Count / 2].CreatedAt!.Value;
        MessageMatches some = await FindAsync(new MessageQuery("e") { Direction = "inbound", Type = "text", Range = new TimeRange(middle, null) });

        first.Total.ShouldBeGreaterThan(100);
        found.Messages.ShouldBe(first.Messages.Where(m => m.MessageId != removed));
        found.Snapshot.ShouldBe(newest.RunId);
        some.Messages.ShouldBe(found.Messages.Where(m => m.Direction == "inbound" && m.Type == "text" && m.CreatedAt >= middle));
        some.Total.ShouldBeInRange(1, found.Total - 1);
    }

    [Fact]
    public async Task The_newest_are_returned_and_all_are_counted()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 4, Messages = 400 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(_folder.Path));
        await harness.RunAsync();
        var search = new MessageSearch(new FolderStore(_folder.Path), cache: null);

        MessageMatches all = await search.FindAsync(new MessageQuery("a"), int.MaxValue, Cancellation);
        MessageMatches few = await search.FindAsync(new MessageQuery("a"), 7, Cancellation);
        SettingException nothing = await Should.ThrowAsync<SettingException>(() => search.FindAsync(new MessageQuery(" \u200B "), 1, Cancellation));

        few.Messages.ShouldBe(all.Messages.Take(7));
        few.Total.ShouldBe(all.Total);
        all.Messages.Select(m => m.CreatedAt).ShouldBeInOrder(SortDirection.Descending);
        nothing.Message.ShouldStartWith("There is nothing to look for");
    }

    /// <summary>What a person wrote or saw, as docs/command-line.md tells it.</summary>
    private static IEnumerable<string> Texts(ChatMessage message) => MessageContent.Of(message)
        .Where(p => p.Kind is not (PieceKind.Heading or PieceKind.Fact or PieceKind.Json))
        .SelectMany(p => p.Kind == PieceKind.Field || p.More is null ? [p.Text] : new[] { p.Text, p.More });

    private static MessageRow Row(Random random, RunStamp run, int number, Dictionary<string, MessageRow> present)
    {
        string id = $"00000000-0000-4000-8000-{number:D12}";
        bool wasThere = present.GetValueOrDefault(id) is { Change: not Change.Removed };
        if (wasThere && random.Next(5) == 0)
            return present[id] = MessageRow.Removed(Utf8Text.From("c"), Utf8Text.From(id), run);
        JsonObject json = JsonNode.Parse(random.Next(2) == 0 ? EveryWordTests.Generate(random, number) : OddMessages.Lines[random.Next(OddMessages.Lines.Count)])!.AsObject();
        json["id"] = id;
        json["created_at"] ??= $"2026-05-{1 + (number % 28):D2}T00:00:00Z";
        string text = json.ToJsonString(random.Next(2) == 0 ? null : new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        if (random.Next(2) == 0)
            text = text.Insert(1, $"\"content\":{JsonSerializer.Serialize(Contents[random.Next(Contents.Length)])},").Replace(",\"content\":null", "", StringComparison.Ordinal);
        MessageRow row = new RecordFlattener(Utf8Text.From("c"), run).Flatten(Encoding.UTF8.GetBytes(text), out _)!;
        row.Change = wasThere ? Change.Changed : Change.Added;
        return present[id] = row;
    }

    private static string Part(Random random, string text)
    {
        int start = random.Next(text.Length);
        return text.Substring(start, Math.Min(text.Length - start, random.Next(1, 12)));
    }

    private async Task WithoutParquetAsync(string runId)
    {
        string file = _folder.File($"_manifests/{runId}.json");
        Manifest manifest = Manifest.FromJson(await File.ReadAllBytesAsync(file, Cancellation));
        await File.WriteAllBytesAsync(file, (manifest with { Files = [.. manifest.Files.Where(f => f.Dataset != Datasets.Messages.Name)] }).ToJson(), Cancellation);
    }
}
