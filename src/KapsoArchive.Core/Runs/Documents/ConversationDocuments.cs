using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Messages;
using KapsoArchive.Core.Pages;
using KapsoArchive.Core.Pages.Conversations;
using KapsoArchive.Core.Runs.Writing;

namespace KapsoArchive.Core.Runs.Documents;

/// <summary>Creates the HTML pages of an export from its Parquet parts. The messages of a conversation may be scattered over many parts,
/// and a page shows them in order. So one pass over the parts learns the place of every message. Then as many pages as fit into memory are
/// created at a time, and each row group that holds some of their messages is read. The same parts give the same pages.</summary>
/// <param name="files">Stages the pages.</param>
/// <param name="state">The export, completely read.</param>
/// <param name="baseUrl">The source.</param>
/// <param name="media">The files behind the messages.</param>
internal sealed class ConversationDocuments(RunFiles files, RunState state, string baseUrl, ExportMedia media)
{
    private const int WriteFrom = 1 << 16;
    private const string ListName = "index.html";

    private readonly ArrayBufferWriter<byte> _buffer = new(2 * WriteFrom);
    private readonly List<DocumentWork> _work = [];
    private readonly ZipNames _names = new();
    private int _rows;
    private long _bytes;

    /// <exception cref="InvalidDataException">A part cannot be read.</exception>
    public async Task StageAsync(
        PartSet set, IReadOnlyDictionary<string, ConversationPlaces> places, CancellationToken cancellationToken)
    {
        List<(ConversationHead Head, int Messages, DateTimeOffset? Last)> conversations = [];
        foreach (ConversationRow row in state.Done.Select(d => d.Row).OrderBy(r => r.ConversationId, StringComparer.Ordinal))
        {
            ConversationPlaces found = places.TryGetValue(row.ConversationId, out ConversationPlaces? known)
                ? known
                : new ConversationPlaces();
            ConversationBook book = found.ToBook(group => set[group].BytesPerRow);
            ConversationHead head = HeadOf(row, found);
            files.Zip?.Folders.Add(head.Folder, _names.Next(head.ContactName, head.PhoneNumber, head.Id));
            conversations.Add((head, book.Count, book.Count > 0 ? book.TimeOf(book.Count, head.Zone) : null));
            for (int page = 1; page <= book.Pages; page++)
                await AddAsync(new DocumentWork(head, book, page), set, cancellationToken);
        }

        await FlushAsync(set, cancellationToken);
        await using StagingStream stream = await files.StageAsync(RunLayout.Page(ListName), cancellationToken);
        ConversationListDocument.Write(new HtmlWriter(_buffer), state.Run.RunId, baseUrl, Period(), conversations);
        await WriteAsync(stream, cancellationToken);
        await CompleteAsync(stream, 0, null, null, cancellationToken);
        if (files.Zip is { } zip)
        {
            ConversationListDocument.Write(
                new HtmlWriter(_buffer), state.Run.RunId, baseUrl, Period(),
                [.. conversations.Select(
                    c => c with { Head = c.Head with { Folder = Uri.EscapeDataString(zip.Folders[c.Head.Folder]) } })]);
            await zip.AddAsync(ListName, _buffer.WrittenMemory, cancellationToken);
            _buffer.ResetWrittenCount();
        }
    }

    private ConversationHead HeadOf(ConversationRow row, ConversationPlaces places) => new(
        row.ConversationId,
        ConversationFolders.Of(row.ConversationId),
        row.ContactName,
        row.PhoneNumber ?? places.PhoneNumber,
        Datasets.Name(row.Outcome),
        row.Reason,
        baseUrl,
        Period(),
        state.Run.RunId,
        state.Run.ArchivedAt,
        [.. places.Files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => (f.Path, f.Sha256))])
    {
        Provenance = row.Provenance,
        Zone = ReadingZone.Find(state.Head.TimeZone) ?? ReadingZone.Utc,
    };

    private string Period()
    {
        ExportChoice? choice = state.Head.Choice;
        string?[] limits =
        [
            Span(), choice?.AllVersions == true ? "with edited and removed ones" : null,
            choice?.Directions is { } directions ? $"only {string.Join(" and ", directions)}" : null,
            choice?.Types is { } types ? $"only {string.Join(", ", types)}" : null,
        ];
        return string.Join(", ", limits.OfType<string>());
    }

    private string Span() => state.Head.Range switch
    {
        { From: null, To: null } => "all messages",
        { From: { } from, To: null } => $"from {Utc(from)}",
        { From: null, To: { } to } => $"before {Utc(to)}",
        { From: { } from, To: { } to } => $"from {Utc(from)}, before {Utc(to)}",
    };

    private async Task AddAsync(DocumentWork work, PartSet parts, CancellationToken cancellationToken)
    {
        _work.Add(work);
        _rows += work.Count;
        for (int i = 0; i < work.Count; i++)
            _bytes += parts[work.Book.PlaceOf(work.First + i).Group].BytesPerRow;
        if (_rows >= OrderedRows.MostRows || _bytes >= OrderedRows.MostBytes)
            await FlushAsync(parts, cancellationToken);
    }

    /// <summary>Creates the waiting pages.</summary>
    private async Task FlushAsync(PartSet parts, CancellationToken cancellationToken)
    {
        await ReadAsync(parts, _work.SelectMany(w => w.Wanted()), cancellationToken);
        _work.ForEach(w => w.FindNamed());
        await ReadAsync(parts, _work.SelectMany(Named), cancellationToken);
        foreach (DocumentWork work in _work)
            await StageAsync(work, cancellationToken);
        _work.Clear();
        (_rows, _bytes) = (0, 0);
    }

    private static IEnumerable<(MessagePlace Place, Action<ChatMessage> Found)> Named(DocumentWork work) =>
        work.Named.Where(n => n.Value is null)
            .Select(n => (work.Book.PlaceOf(n.Key), (Action<ChatMessage>)(message => work.Named[n.Key] = message)));

    /// <summary>Reads messages at their places, each row group once.</summary>
    private static async Task ReadAsync(
        PartSet parts, IEnumerable<(MessagePlace Place, Action<ChatMessage> Found)> wanted, CancellationToken cancellationToken)
    {
        foreach (var group in wanted.ToLookup(w => w.Place.Group))
        {
            IReadOnlyList<MessageRow> rows = await parts.ReadAsync(group.Key, cancellationToken);
            foreach ((MessagePlace place, Action<ChatMessage> found) in group)
                found(ChatMessage.Of(rows[place.Row]));
        }
    }

    private async Task StageAsync(DocumentWork work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyDictionary<string, MessageFile> known = media.Of(work.Head.Id);
        await using StagingStream stream = await files.StageAsync(RunLayout.Page(work.Path), cancellationToken);
        await WriteAsync(work, known, message => $"../../{message.File!.Path}", stream, cancellationToken);
        long[] times = [.. Enumerable.Range(work.First, work.Count).Select(p => work.Book.PlaceOf(p).CreatedAt)
            .Where(time => time != long.MinValue)];
        await CompleteAsync(
            stream, work.Rows, times.Length > 0 ? times[0] : null, times.Length > 0 ? times[^1] : null, cancellationToken);
        if (files.Zip is not { } zip)
            return;
        using var sha256 = SHA256.Create();
        await using (var copy = new CryptoStream(
            await zip.BeginPageAsync(work.Path, cancellationToken), sha256, CryptoStreamMode.Write, leaveOpen: true))
            await WriteAsync(work, known, InZip, copy, cancellationToken);
        await zip.EndAsync(Convert.ToHexStringLower(sha256.Hash!));

        string InZip(ChatMessage message) => zip.AddressOf(
            work.Head.Folder, message.File!.Path!, message.CreatedAt is { } time ? work.Head.Zone.Local(time) : null,
            message.File.Name ?? message.MediaName);
    }

    private async Task WriteAsync(
        DocumentWork work, IReadOnlyDictionary<string, MessageFile> known, Func<ChatMessage, string> addressOf, Stream output,
        CancellationToken cancellationToken)
    {
        var page = new ConversationDocument(
            new HtmlWriter(_buffer), work.Head, work.Book, work.Page, known.Count > 0 ? addressOf : null);
        for (int i = 0; i < work.Count; i++)
        {
            ChatMessage message = work[i] with { File = known.GetValueOrDefault(work[i].Id) };
            page.Add(message, work.First + i, work.PositionNamedBy(i) is { } named ? work.Named[named] : null, work.EarlierOf(i));
            if (_buffer.WrittenCount >= WriteFrom)
                await WriteAsync(output, cancellationToken);
        }

        page.Dispose();
        await WriteAsync(output, cancellationToken);
    }

    private Task CompleteAsync(StagingStream stream, long rows, long? first, long? last, CancellationToken cancellationToken)
    {
        (string dataset, string format) = Layout.Names(PartFormat.Html);
        return files.CompleteAsync(stream, dataset, format, rows, first, last, cancellationToken);
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        _buffer.ResetWrittenCount();
    }

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
