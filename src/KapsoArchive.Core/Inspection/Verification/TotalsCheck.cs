namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Checks that a manifest's totals agree with its own files and lists.</summary>
internal sealed class TotalsCheck(string path, Manifest manifest, VerificationNotes notes)
{
    /// <param name="tally">The conversations' totals; null if a damaged file prevents counting.</param>
    public void Check(ConversationTally? tally)
    {
        if (manifest.SchemaVersion < 1 || manifest.SchemaVersion > Datasets.SchemaVersion)
        {
            notes.Find(path, Text($"has schema version {manifest.SchemaVersion}, but this program knows 1 to {Datasets.SchemaVersion}"),
                "Verify it with the version of the program that wrote it.");
            return;
        }

        if (manifest.Files.Select(f => f.Path).Distinct(StringComparer.Ordinal).Count() < manifest.Files.Count)
            notes.Find(path, "names a file twice", Remedy.CompareManifest);

        RowTotals rows = manifest.Totals.Rows;
        long written = rows.Added + rows.Changed + rows.Removed;
        foreach (PartFormat format in Formats())
            Compare($"rows of {Layout.Names(format).Dataset}", written, RowsOf(Layout.Names(format).Dataset));
        ConversationTotals conversations = manifest.Totals.Conversations;
        long counted = conversations.Complete + conversations.Incomplete + conversations.Gone + conversations.Failed;
        Compare("conversations", counted, RowsOf(Datasets.Conversations.Name));
        foreach (string dataset in (string[])[Datasets.ConversationsJsonl, Datasets.ConversationsCsv])
        {
            if (manifest.Files.Any(f => f.Dataset == dataset)) // Exports of an earlier version do not have it.
                Compare($"rows of {dataset}", counted, RowsOf(dataset));
        }

        Compare("rejected records", rows.Rejected, RowsOf(Datasets.Rejected));
        Compare("bytes", manifest.Totals.Bytes, manifest.Files.Sum(f => f.Bytes));
        bool isPartial = conversations.Incomplete + conversations.Failed > 0 || manifest.Discovery is { Complete: false };
        bool isClosed = manifest is { Status: Manifest.Closed, Files.Count: 0 };
        if (!isClosed && manifest.Status != (isPartial ? "PartiallySucceeded" : "Succeeded"))
        {
            string list = manifest.Discovery is { Complete: false } ? " and a list of conversations that was not proven complete" : "";
            notes.Find(path,
                Text($"says {manifest.Status}, with {conversations.Incomplete:N0} incomplete and {conversations.Failed:N0} failed ")
                + $"conversations{list}", Remedy.CompareManifest);
        }

        if (tally is not null)
            CheckConversations(tally);
    }

    private void CheckConversations(ConversationTally tally)
    {
        RowTotals rows = manifest.Totals.Rows;
        if (tally.Conversations != manifest.Totals.Conversations)
            notes.Find(path, Text($"counts {manifest.Totals.Conversations}, but its conversations dataset has {tally.Conversations}"),
                Remedy.CompareManifest);
        if (tally.Rows != (rows.Added, rows.Changed, rows.Removed))
            notes.Find(path,
                Text($"counts {Quantity.Of(rows.Added, "row")} added, {rows.Changed:N0} changed, {rows.Removed:N0} removed, ")
                + Text($"but its conversations dataset has {tally.Rows.Added:N0}, {tally.Rows.Changed:N0}, {tally.Rows.Removed:N0}"),
                Remedy.CompareManifest);
        if (!tally.Agrees(manifest.Incomplete))
            notes.Find(path, "lists other conversations as not complete than its conversations dataset does", Remedy.CompareManifest);
    }

    /// <summary>The requested formats; if the archive does not state them, the formats found.</summary>
    private IEnumerable<PartFormat> Formats() => Enum.GetValues<PartFormat>()
        .Where(f => manifest.Request.Formats?.Contains(Layout.Names(f).Format) ?? RowsOf(Layout.Names(f).Dataset) > 0);

    private long RowsOf(string dataset) => manifest.Files.Where(f => f.Dataset == dataset).Sum(f => f.Rows);

    private void Compare(string what, long said, long summed)
    {
        if (said != summed)
            notes.Find(path, Text($"counts {said:N0} {what}, but its files add up to {summed:N0}"), Remedy.CompareManifest);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
