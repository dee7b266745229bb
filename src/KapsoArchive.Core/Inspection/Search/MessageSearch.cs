using KapsoArchive.Core.Storage.Folders;

namespace KapsoArchive.Core.Inspection.Search;

/// <summary>Finds messages of the archive by their text: in the newest version of each message that was not removed, in all that a person
/// wrote or saw. Reads the parts, and needs no index and no engine.</summary>
/// <param name="cache">Where copies of a container's files are kept; null to read the store.</param>
public sealed class MessageSearch(IStore store, FileCache? cache)
{
    /// <summary>Finds the newest messages that match.</summary>
    /// <param name="limit">How many to return at most.</param>
    /// <exception cref="SettingException">There is no archive, or the text has no character that can be looked for.</exception>
    /// <exception cref="StoreException">The store or the cache cannot be read, or a file is damaged.</exception>
    public async Task<MessageMatches> FindAsync(MessageQuery query, int limit, CancellationToken cancellationToken)
    {
        if (FoldedText.Of(query.Text).Length == 0)
            throw new SettingException("There is nothing to look for: give a text with at least one letter, digit or sign.");
        await ArchivePresence.CheckAsync(store, cancellationToken);
        try
        {
            List<CommittedRun> runs = await new CommittedRuns(store) { Cache = cache }
                .ReadAsync(upTo: null, comparesBytes: false, cancellationToken).ToListAsync(cancellationToken);
            cache?.CheckRoom(runs.SelectMany(r => r.MessageParts).Sum(part => part.Bytes));
            var found = new NewestMatches(limit);
            var pass = new SearchPass(query, found, cancellationToken);
            for (int i = runs.Count - 1; i >= 0; i--)
                await pass.ReadAsync(runs[i], hasOlder: runs[..i].Exists(r => r.MessageParts.Any()));
            var filter = new TextFilter(query.Text);
            return new MessageMatches(runs[^1].RunId, found.Total, [.. found.All.Select(m => new MessageMatch(
                m.ConversationId, m.Message.Id, m.Message.CreatedAt, m.Message.Direction, m.Message.Type, filter.SnippetOf(m.Message)))]);
        }
        catch (DamagedFileException e)
        {
            throw e.WithRemedy();
        }
    }
}
