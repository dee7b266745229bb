using KapsoArchive.Core.Runs.Writing;

namespace KapsoArchive.Core.Runs.Documents;

/// <summary>Makes the files of an export that need its parts: HTML documents, workbook, zip.</summary>
/// <param name="files">Stages the files.</param>
/// <param name="state">The export, completely read.</param>
/// <param name="source">The source.</param>
/// <param name="media">The files behind its messages.</param>
internal sealed class ExportDocuments(IStore store, RunFiles files, RunState state, string source, ExportMedia media)
{
    /// <exception cref="InvalidDataException">A part cannot be read.</exception>
    public async Task StageAsync(CancellationToken cancellationToken)
    {
        JournalHead head = state.Head;
        foreach (RunFile part in state.Files)
            // Staged files cannot be read. Readers ignore it until the manifest names it.
            await store.RevealAsync(part.Staged, cancellationToken);
        if (head.HasPages || head.HasWorkbook)
            await ReadPartsAsync(head, cancellationToken);
        foreach (RunFile part in files.Zip is null ? [] : state.Files)
            await files.Zip!.AddAsync(store, part, cancellationToken);
    }

    private async Task ReadPartsAsync(JournalHead head, CancellationToken cancellationToken)
    {
        RunFile[] parts = [.. state.Files.Where(f => f.Entry.Dataset == Datasets.Messages.Name)];
        await using PartSet set = await PartSet.OpenAsync(store, parts, cancellationToken);
        HashSet<string> nameless =
            [.. state.Done.Select(d => d.Row).Where(r => r.PhoneNumber is null).Select(r => r.ConversationId)];
        IReadOnlyDictionary<string, ConversationPlaces> places =
            await new PlacesScan(set, head.AllVersions, nameless).ReadAsync(cancellationToken);
        if (head.HasPages)
            await new ConversationDocuments(files, state, source, media).StageAsync(set, places, cancellationToken);
        if (head.HasWorkbook)
            await new MessageWorkbook(files, state).StageAsync(set, places, cancellationToken);
    }
}
