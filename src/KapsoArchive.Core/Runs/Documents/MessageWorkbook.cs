using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Runs.Writing;

namespace KapsoArchive.Core.Runs.Documents;

/// <summary>Makes the workbook of an export from its Parquet parts: the messages by conversation and time, with the columns that people
/// read first, and on the second sheet the proof of completeness. What does not fit on a sheet continues on further ones.</summary>
internal sealed class MessageWorkbook(RunFiles files, RunState state)
{
    private static readonly string[] First =
        ["created_at", "contact_name", "phone_number", "direction", "content", "message_type", "status", "change", "conversation_id", "id"];

    private string? _contactName;

    /// <exception cref="InvalidDataException">A part cannot be read.</exception>
    public async Task StageAsync(
        PartSet parts, IReadOnlyDictionary<string, ConversationPlaces> places, CancellationToken cancellationToken)
    {
        ConversationRow[] conversations = [.. state.DoneById.Select(d => d.Row)];
        await using StagingStream stream = await files.StageAsync(files.Layout.Messages(PartFormat.Xlsx, 0), cancellationToken);
        await using Workbook book = await Workbook.CreateAsync(stream, cancellationToken);
        long count = 0;
        await using IAsyncEnumerator<MessageRow> messages = RowsAsync().GetAsyncEnumerator(cancellationToken);
        await using IAsyncEnumerator<ConversationRow> proof = conversations.ToAsyncEnumerable().GetAsyncEnumerator(cancellationToken);
        IReadOnlyList<Column<MessageRow>> columns = Columns();
        bool hasMessage = await book.WriteSheetAsync("Messages", columns, messages, await messages.MoveNextAsync(), cancellationToken);
        bool hasProof = await proof.MoveNextAsync();
        for (int sheet = 1; sheet == 1 || hasProof; sheet++)
            hasProof = await book.WriteSheetAsync(
                Name("Conversations", sheet), Datasets.Conversations.Columns, proof, hasProof, cancellationToken);
        for (int sheet = 2; hasMessage; sheet++)
            hasMessage = await book.WriteSheetAsync(Name("Messages", sheet), columns, messages, hasMessage, cancellationToken);
        await book.CompleteAsync(cancellationToken);
        (string dataset, string format) = Layout.Names(PartFormat.Xlsx);
        await files.CompleteAsync(stream, dataset, format, count, null, null, cancellationToken);

        async IAsyncEnumerable<MessageRow> RowsAsync()
        {
            await foreach ((ConversationRow conversation, MessageRow row) in new OrderedRows(parts).ReadAsync(Wanted(), cancellationToken))
            {
                _contactName = conversation.ContactName;
                count++;
                yield return row;
            }
        }

        IEnumerable<(ConversationRow, MessagePlace)> Wanted()
        {
            foreach (ConversationRow conversation in conversations)
            {
                foreach (MessagePlace place in places.GetValueOrDefault(conversation.ConversationId)?.Rows() ?? [])
                    yield return (conversation, place);
            }
        }
    }

    private static string Name(string name, int sheet) =>
        sheet == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} {sheet}");

    private Column<MessageRow>[] Columns()
    {
        var name = new TextColumn<MessageRow>("contact_name", false, false, _ => Utf8Text.From(_contactName), "The contact's name.");
        ILookup<bool, Column<MessageRow>> columns = Datasets.Messages.Columns.Append(name).ToLookup(c => First.Contains(c.Name));
        return [.. columns[true].OrderBy(c => Array.IndexOf(First, c.Name)), .. columns[false]];
    }
}
