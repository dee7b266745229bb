using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

/// <summary>Each message with the fingerprint of its newest version: as the committed parts tell it, and as the sandbox has it.</summary>
internal static class PresentState
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Reads every part of every committed manifest, and fails where a version was written twice.</summary>
    public static async Task<SortedDictionary<string, ulong>> ArchivedAsync(IStore store)
    {
        SortedDictionary<string, ulong> state = new(StringComparer.Ordinal);
        HashSet<string> rows = [];
        foreach (Manifest manifest in await ManifestsAsync(store))
        {
            foreach (ManifestFile file in manifest.Files.Where(f => f.Dataset == Datasets.Messages.Name))
            {
                await using Stream part = (await store.OpenReadAsync(new StorePath(StoreArea.Data, file.Path), Cancellation)).ShouldNotBeNull(file.Path);
                await foreach (IReadOnlyList<MessageRow> batch in PartReader.ReadAsync(PartFormat.Parquet, part, Cancellation))
                {
                    foreach (MessageRow row in batch)
                        Add(row);
                }
            }
        }

        return state;

        void Add(MessageRow row)
        {
            string key = $"{row.ConversationId} {row.Id}";
            rows.Add($"{key} {row.Run.RunId}").ShouldBeTrue($"{key} twice in run {row.Run.RunId}");
            ulong fingerprint = Fingerprint.Of(row);
            (state.TryGetValue(key, out ulong before), row.Change).ShouldBeOneOf([(false, Change.Added), (true, Change.Changed), (true, Change.Removed)], $"{key} in run {row.Run.RunId}");
            if (row.Change == Change.Removed)
            {
                state.Remove(key);
                return;
            }

            if (row.Change == Change.Changed)
                fingerprint.ShouldNotBe(before, $"the same version of {key} again in run {row.Run.RunId}");
            state[key] = fingerprint;
        }
    }

    public static async Task<IReadOnlyList<Manifest>> ManifestsAsync(IStore store)
    {
        List<Manifest> manifests = [];
        await foreach (StoredFile file in store.ListAsync(StoreArea.Data, "_manifests/", Cancellation))
            manifests.Add(Manifest.FromJson((await store.ReadAsync(file.Path, Cancellation))!.Content.Span));
        return manifests;
    }

    /// <param name="moving">The listings that may have moved; the others are as they began.</param>
    public static SortedDictionary<string, ulong> Truth(SandboxServer sandbox, IReadOnlyDictionary<string, MovingListing> moving)
    {
        SortedDictionary<string, ulong> state = new(StringComparer.Ordinal);
        foreach ((string conversation, MovingListing listing) in moving)
        {
            foreach (ReadOnlyMemory<byte> record in listing.Truth.Current().Values)
                Add(conversation, record.ToArray());
        }

        for (int c = 0; c < sandbox.Data.Conversations.Count; c++)
        {
            if (moving.ContainsKey(sandbox.Data.Conversations[c].Id))
                continue;
            for (long m = 0; m < sandbox.Data.Conversations[c].MessageCount; m++)
                Add(sandbox.Data.Conversations[c].Id, sandbox.Data.Record(c, m));
        }

        return state;

        void Add(string conversation, byte[] record)
        {
            MessageRow row = Rows.Flatten(record, conversation);
            state.Add($"{conversation} {row.Id}", Fingerprint.Of(row));
        }
    }
}
