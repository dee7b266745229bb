using System.Security.Cryptography;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Media;

/// <summary>Compares the files of an archive with those of a sandbox.</summary>
internal static class FileTruth
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>All rows of the media dataset in committed runs.</summary>
    public static async Task<IReadOnlyList<MediaRow>> RowsAsync(IStore store)
    {
        List<MediaRow> rows = [];
        await foreach (StoredFile file in store.ListAsync(StoreArea.Data, "media/snapshot_date=", Cancellation))
        {
            await using Stream content = (await store.OpenReadAsync(file.Path, Cancellation))!;
            await foreach (IReadOnlyList<MediaRow> some in MediaReader.ReadAsync(content, conversationId: null, Cancellation))
                rows.AddRange(some);
        }

        return rows;
    }

    /// <summary>The newest row of each message.</summary>
    public static async Task<IReadOnlyDictionary<string, MediaRow>> NewestAsync(IStore store) =>
        (await RowsAsync(store)).GroupBy(r => r.MessageId).ToDictionary(g => g.Key, g => g.OrderBy(r => r.Run.RunId, StringComparer.Ordinal).Last());

    /// <summary>Every file of the truth is in the archive once with the right hash, and nothing else is.</summary>
    public static async Task ShouldBeWholeAsync(IStore store, SandboxMediaHost media, string when = "")
    {
        SandboxAttachment[] truth = [.. media.Attachments()];
        truth.ShouldNotBeEmpty();
        IReadOnlyList<MediaRow> rows = await RowsAsync(store);
        rows.Where(r => r.Outcome == MediaOutcome.Stored).GroupBy(r => (r.MessageId, r.LinkFingerprint)).ShouldAllBe(g => g.Count() == 1, $"stored twice {when}");
        IReadOnlyDictionary<string, MediaRow> newest = await NewestAsync(store);
        foreach (SandboxAttachment attachment in truth)
        {
            MediaRow row = newest.GetValueOrDefault(attachment.MessageId).ShouldNotBeNull($"there is no row for message {attachment.MessageId} {when}");
            row.Outcome.ShouldBe(MediaOutcome.Stored, $"{row.Reason} {when}");
            (row.Sha256, row.Bytes, row.ConversationId).ShouldBe((attachment.File.Sha256, attachment.File.Length, attachment.ConversationId), when);
        }

        string[] paths = [.. truth.Select(a => newest[a.MessageId].Path!).Distinct().Order(StringComparer.Ordinal)];
        string[] visible = await store.ListAsync(StoreArea.Data, "_media/", Cancellation).Select(f => f.Path.Name).Order(StringComparer.Ordinal).ToArrayAsync(Cancellation);
        visible.ShouldBe(paths, when);
        foreach (string path in paths)
        {
            await using Stream content = (await store.OpenReadAsync(new StorePath(StoreArea.Data, path), Cancellation))!;
            Path.GetFileNameWithoutExtension(path).ShouldBe(Convert.ToHexStringLower(await SHA256.HashDataAsync(content, Cancellation)), when);
        }
    }
}
