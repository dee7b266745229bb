using System.Globalization;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Index;

/// <summary>The index over many runs, against a dictionary that does the same.</summary>
public sealed class ArchiveIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Dictionary<UInt128, ulong>> _model = [];
    private readonly Random _random = new(7);
    private string? _runId;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_many_runs_it_agrees_with_a_dictionary()
    {
        var store = new FolderStore(_folder.File("a"));
        for (int run = 0; run < 30; run++)
            await CommitAsync(store, Update(changedConversations: 40));

        ArchiveIndex index = await ArchiveIndex.OpenAsync(store, _runId, Fingerprint.CurrentVersion, Cancellation);
        index.Catalog.Conversations.Select(c => c.Id).ShouldBe(_model.Keys.Order(StringComparer.Ordinal));
        foreach ((string id, Dictionary<UInt128, ulong> messages) in _model)
        {
            var known = new KnownMessages((await index.MessagesAsync(id, Cancellation)).Entries, null, 0);
            known.Count.ShouldBe(messages.Count);
            index.Find(id)!.Live.ShouldBe(messages.Count);
            foreach ((UInt128 key, ulong fingerprint) in messages)
            {
                known.TryGet(key, out ulong there).ShouldBeTrue();
                there.ShouldBe(fingerprint);
            }
        }
    }

    [Fact]
    public async Task Equal_content_gives_equal_bytes_however_it_was_built()
    {
        var grown = new FolderStore(_folder.File("grown"));
        for (int run = 0; run < 10; run++)
            await CommitAsync(grown, Update(changedConversations: 60));
        var atOnce = new FolderStore(_folder.File("at-once"));
        await CommitAsync(atOnce, Update(_model.Select(c => new ConversationChanges(c.Key, null, [.. c.Value.Select(m => new MessageChange(m.Key, m.Value, Change.Added))], ConversationMessages.NoTexts))) with { PreviousRunId = null });

        (await LeavesAsync(atOnce)).ShouldBe(await LeavesAsync(grown));
        (await LeavesAsync(grown)).Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Only_leaves_of_changed_conversations_are_written_and_old_ones_deleted()
    {
        var store = new FolderStore(_folder.File("a"));
        await CommitAsync(store, Update(changedConversations: 900));
        IReadOnlyList<string> before = await LeavesAsync(store);

        await CommitAsync(store, Update(changedConversations: 1, fresh: false));

        IReadOnlyList<string> after = await LeavesAsync(store);
        after.Count.ShouldBe(before.Count);
        after.Except(before).Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_run_committed_twice_counts_once()
    {
        var store = new FolderStore(_folder.File("a"));
        IndexUpdate update = Update(changedConversations: 20);
        await CommitAsync(store, update);
        ReadOnlyMemory<byte> catalog = (await store.ReadAsync(ArchiveIndex.CatalogPath, Cancellation))!.Content;

        await CommitAsync(store, update);

        (await store.ReadAsync(ArchiveIndex.CatalogPath, Cancellation))!.Content.ToArray().ShouldBe(catalog.ToArray());
    }

    [Fact]
    public async Task An_index_of_another_run_is_rejected()
    {
        var store = new FolderStore(_folder.File("a"));
        await CommitAsync(store, Update(changedConversations: 5));

        await Should.ThrowAsync<IndexDamagedException>(() => ArchiveIndex.OpenAsync(store, "20270101T000000Z-00000000", Fingerprint.CurrentVersion, Cancellation));
        await Should.ThrowAsync<IndexDamagedException>(() => CommitAsync(store, Update(changedConversations: 5) with { PreviousRunId = "20270101T000000Z-00000000" }));
    }

    [Fact]
    public async Task A_flipped_byte_anywhere_is_detected()
    {
        var store = new FolderStore(_folder.File("a"));
        await CommitAsync(store, Update(changedConversations: 30));
        foreach (string file in Directory.EnumerateFiles(_folder.File("a/_state/index"), "*", SearchOption.AllDirectories))
        {
            byte[] bytes = await File.ReadAllBytesAsync(file, Cancellation);
            for (int i = 0; i < 40; i++)
            {
                byte[] damaged = [.. bytes];
                damaged[_random.Next(damaged.Length)] ^= (byte)(1 << _random.Next(8));
                await File.WriteAllBytesAsync(file, damaged, Cancellation);
                await Should.ThrowAsync<IndexDamagedException>(ReadAllAsync);
            }

            await File.WriteAllBytesAsync(file, bytes[..^1], Cancellation);
            await Should.ThrowAsync<IndexDamagedException>(ReadAllAsync);
            await File.WriteAllBytesAsync(file, bytes, Cancellation);
        }

        await ReadAllAsync();

        async Task ReadAllAsync()
        {
            ArchiveIndex index = await ArchiveIndex.OpenAsync(store, _runId, Fingerprint.CurrentVersion, Cancellation);
            foreach (string id in _model.Keys)
                await index.MessagesAsync(id, Cancellation);
        }
    }

    [Fact]
    public async Task It_takes_at_most_32_bytes_a_message_at_rest()
    {
        var store = new FolderStore(_folder.File("a"));
        ConversationChanges[] conversations =
        [
            .. Enumerable.Range(0, 500).Select(_ => new ConversationChanges(
                NewId(), 1, [.. Enumerable.Range(0, 40).Select(_ => new MessageChange(NewKey(), 1, Change.Added))], ConversationMessages.NoTexts)),
        ];
        await CommitAsync(store, Update(conversations));

        long bytes = Directory.EnumerateFiles(_folder.File("a/_state/index"), "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes / 20_000.0:0.0} bytes a message, with 40 messages a conversation");
        bytes.ShouldBeLessThanOrEqualTo(32 * 20_000);
    }

    [Fact]
    public async Task Ids_that_are_not_UUIDs_can_be_read_back()
    {
        var store = new FolderStore(_folder.File("a"));
        Dictionary<UInt128, string> texts = new() { [MessageKey.Of("m-1"u8)] = "m-1", [MessageKey.Of("m-2"u8)] = "m-2" };
        await CommitAsync(store, Update([new ConversationChanges("c", 1, [.. texts.Keys.Select(k => new MessageChange(k, 1, Change.Added))], texts)]));
        UInt128 removed = MessageKey.Of("m-1"u8);
        await CommitAsync(store, Update([new ConversationChanges("c", 1, [new MessageChange(removed, 0, Change.Removed)], new Dictionary<UInt128, string> { [removed] = "m-1" })]));

        ConversationMessages messages = await (await ArchiveIndex.OpenAsync(store, _runId, Fingerprint.CurrentVersion, Cancellation)).MessagesAsync("c", Cancellation);

        messages.Count.ShouldBe(1);
        messages.Texts.Values.ShouldBe(["m-2"]);
    }

    [Fact]
    public async Task Ids_of_all_kinds_are_found_in_any_order()
    {
        var store = new FolderStore(_folder.File("a"));
        string[] ids = [.. ((string[])["a", "é", "\uD7FF", "\uE000", "\uFFFD", "🙂", "~"]).SelectMany(first => Enumerable.Range(0, 60).Select(n => $"{first}{n}"))];
        _random.Shuffle(ids);
        foreach (string[] visited in ids.Chunk(50))
            await CommitAsync(store, Update([.. visited.Select(ChangesOf)]));

        ArchiveIndex index = await ArchiveIndex.OpenAsync(store, _runId, Fingerprint.CurrentVersion, Cancellation);

        index.Catalog.Conversations.Select(c => c.Id).ShouldBe(ids.Order(StringComparer.Ordinal));
        foreach (string id in ids)
            (await index.MessagesAsync(id, Cancellation)).Count.ShouldBe(_model[id].Count);
        index.Find("🙂x").ShouldBeNull();
        (await index.MessagesAsync("", Cancellation)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_conversation_written_in_pieces_is_whole_even_if_its_length_is_unknown()
    {
        UInt128[] keys = [.. Enumerable.Range(0, 40_000).Select(_ => NewKey()).Distinct()];
        ConversationChanges[] pieces = [.. keys.Chunk(2_048).Select((k, i) => new ConversationChanges("c", i, [.. k.Select(key => new MessageChange(key, (ulong)key, Change.Added))], ConversationMessages.NoTexts))];
        var store = new FolderStore(_folder.File("a"));
        IndexUpdate update = Update([]) with { Visits = [Visit("b"), Visit("c")], Changes = pieces.ToAsyncEnumerable() };
        await CommitAsync(store, update);

        ArchiveIndex index = await ArchiveIndex.OpenAsync(store, _runId, Fingerprint.CurrentVersion, Cancellation);

        index.Find("c")!.NewestCreatedAt.ShouldBe(pieces.Length - 1);
        var known = new KnownMessages((await index.MessagesAsync("c", Cancellation)).Entries, null, 0);
        Enumerable.Range(0, known.Count).Select(known.KeyAt).ShouldBe(keys.Order());
    }

    [Fact]
    public async Task Messages_of_an_unvisited_conversation_are_rejected()
    {
        var store = new FolderStore(_folder.File("a"));
        await CommitAsync(store, Update(changedConversations: 100));
        string[] ids = [.. _model.Keys.Order(StringComparer.Ordinal)];

        foreach (string unvisited in (string[])["!", ids[0], ids[50], ids[99], "~"])
        {
            IndexUpdate update = Update([new ConversationChanges(unvisited, 1, [new MessageChange(NewKey(), 1, Change.Added)], ConversationMessages.NoTexts)]);
            (await Should.ThrowAsync<IndexDamagedException>(() => CommitAsync(store, update with { Visits = [] }))).Message.ShouldContain(unvisited);
            (await Should.ThrowAsync<IndexDamagedException>(() => CommitAsync(store, update with { Visits = [Visit(ids[49])] }))).Message.ShouldContain(unvisited);
            _runId = update.PreviousRunId;
        }

        await Should.ThrowAsync<IndexDamagedException>(() => CommitAsync(store, Update([]) with { Visits = [Visit(ids[3]), Visit(ids[3])] }));
    }

    private static ConversationVisit Visit(string id) => new(id, ConversationOutcome.Complete, IsFull: true, IsUnknownToSource: false, 0, Written: 0, 0, 0);

    private static async Task<IReadOnlyList<string>> LeavesAsync(FolderStore store) =>
        [.. await store.ListAsync(StoreArea.State, "index/leaves/", Cancellation).Select(f => f.Path.Name).ToListAsync(Cancellation)];

    private static Task CommitAsync(FolderStore store, IndexUpdate update) => ArchiveIndex.CommitAsync(store, update, Cancellation);

    /// <summary>A run that touches some conversations, known and new.</summary>
    private IndexUpdate Update(int changedConversations, bool fresh = true)
    {
        HashSet<string> ids = [];
        while (ids.Count < changedConversations)
            ids.Add(_model.Count > 0 && (!fresh || _random.Next(3) > 0) ? _model.Keys.ElementAt(_random.Next(_model.Count)) : NewId());
        return Update([.. ids.Select(ChangesOf)]);
    }

    private IndexUpdate Update(IEnumerable<ConversationChanges> changes)
    {
        ConversationChanges[] sorted = [.. changes.OrderBy(c => c.ConversationId, StringComparer.Ordinal)];
        string? previous = _runId;
        _runId = string.Create(CultureInfo.InvariantCulture, $"20261122T{_random.Next(100_000, 999_999)}Z-{_random.Next():x8}");
        return new IndexUpdate
        {
            RunId = _runId,
            PreviousRunId = previous,
            Visits = [.. sorted.Select(c => Visit(c.ConversationId))],
            Changes = sorted.ToAsyncEnumerable(),
        };
    }

    private ConversationChanges ChangesOf(string id)
    {
        if (!_model.TryGetValue(id, out Dictionary<UInt128, ulong>? messages))
            _model.Add(id, messages = []);
        Dictionary<UInt128, MessageChange> changes = [];
        for (int i = _random.Next(1, 20); i > 0; i--)
        {
            UInt128 key = messages.Count > 0 && _random.Next(2) == 0 ? messages.Keys.ElementAt(_random.Next(messages.Count)) : NewKey();
            bool removed = messages.ContainsKey(key) && _random.Next(3) == 0;
            changes[key] = new MessageChange(key, removed ? 0 : (ulong)_random.NextInt64(), removed ? Change.Removed : messages.ContainsKey(key) ? Change.Changed : Change.Added);
        }

        foreach (MessageChange change in changes.Values)
        {
            if (change.Change == Change.Removed)
                messages.Remove(change.Key);
            else
                messages[change.Key] = change.Fingerprint;
        }

        return new ConversationChanges(id, null, [.. changes.Values], ConversationMessages.NoTexts);
    }

    private string NewId() => MessageKey.ToUuid(NewKey());

    private UInt128 NewKey() => new((ulong)_random.NextInt64(), (ulong)_random.NextInt64());
}
