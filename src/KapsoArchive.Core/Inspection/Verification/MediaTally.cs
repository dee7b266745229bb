using KapsoArchive.Core.Lake.Parts;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Totals of one run's media dataset.</summary>
internal sealed class MediaTally
{
    private readonly long[] _outcomes = new long[Enum.GetValues<MediaOutcome>().Length];
    private readonly HashSet<(string? Path, string? Sha256, long? Bytes)> _stored = [];
    private bool _isRead;

    public async Task ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        _isRead = true;
        await foreach (IReadOnlyList<MediaRow> rows in MediaReader.ReadAsync(content, conversationId: null, cancellationToken))
        {
            foreach (MediaRow row in rows)
            {
                _outcomes[(int)row.Outcome]++;
                if (row.Outcome == MediaOutcome.Stored)
                    _stored.Add((row.Path, row.Sha256, row.Bytes));
            }
        }
    }

    /// <summary>Reports rows without their file, files without a row, and totals that disagree with the rows.</summary>
    /// <param name="path">Of the manifest.</param>
    public void Check(string path, Manifest manifest, VerificationNotes notes)
    {
        HashSet<(string? Path, string? Sha256, long? Bytes)> named =
        [
            .. manifest.Files.Where(f => f.Dataset == Datasets.MediaFiles)
                .Select(f => ((string?)f.Path, (string?)f.Sha256, (long?)f.Bytes)),
        ];
        foreach ((string? file, _, _) in _stored.Except(named))
            notes.Find(path, $"does not name {file}, but its media dataset says that it is stored", Remedy.CompareManifest);
        foreach ((string? file, _, _) in named.Except(_stored))
            notes.Find(path, $"names {file}, but its media dataset does not", Remedy.CompareManifest);
        if (manifest.Totals.Media is not { } totals)
        {
            if (_isRead)
                notes.Find(path, "has a media dataset, but no totals of it", Remedy.CompareManifest);
            return;
        }

        long[] said = [totals.Stored, totals.Waiting, totals.Gone, totals.TooLarge, totals.Refused, totals.Failed];
        if (!said.SequenceEqual(_outcomes) || totals.Bytes != named.Sum(f => f.Bytes))
            notes.Find(path, "counts other files than its media dataset has", Remedy.CompareManifest);
    }
}
