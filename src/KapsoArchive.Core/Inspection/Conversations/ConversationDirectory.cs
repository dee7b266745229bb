using KapsoArchive.Core.Index;
using PhoneNumbers;

namespace KapsoArchive.Core.Inspection.Conversations;

/// <summary>Lists the archive's conversations, and finds them by what people know: a name, a telephone number in any spelling, a user name,
/// an id or its beginning. Reads the index alone, so a list of 100,000 conversations takes one request to the store.</summary>
public sealed class ConversationDirectory
{
    /// <summary>Fewest characters of an id or digits of a number that are looked for.</summary>
    private const int Fewest = 4;

    /// <summary>Most digits of a number: two of a prefix before fifteen (E.164).</summary>
    private const int MostDigits = 17;

    private readonly IStore _store;
    private readonly CatalogConversations _conversations;

    private ConversationDirectory(IStore store, IndexCatalog catalog) =>
        (_store, _conversations, Snapshot) = (store, catalog.Conversations, catalog.RunId ?? "");

    /// <summary>The run whose state it shows; empty if the archive has no index.</summary>
    public string Snapshot { get; }

    /// <summary>What the archive has as of a run; null if the index belongs to another run or cannot be read, and for no run.</summary>
    public static async Task<ArchiveTotals?> TotalsAsync(IStore store, string? runId, CancellationToken cancellationToken)
    {
        try
        {
            return runId is null || await OpenAsync(store, cancellationToken) is not { } archive || archive.Snapshot != runId
                ? null
                : new ArchiveTotals(
                    archive._conversations.Count, archive._conversations.Sum(c => (long)c.Live),
                    archive._conversations.Count(c => c.Outcome is ConversationOutcome.Incomplete or ConversationOutcome.Failed),
                    await store.ListAsync(StoreArea.Data, "", cancellationToken).Select(f => f.Length).SumAsync(cancellationToken));
        }
        catch (StoreException)
        {
            return null;
        }
    }

    /// <summary>Whether the store has an archive.</summary>
    /// <exception cref="SettingException">The store cannot be read.</exception>
    public static Task<bool> IsThereAsync(IStore store, CancellationToken cancellationToken) =>
        ArchivePresence.IsThereAsync(store, cancellationToken);

    /// <exception cref="SettingException">The store has no archive.</exception>
    /// <exception cref="StoreException">The store cannot be read, or its index is damaged.</exception>
    public static async Task<ConversationDirectory> OpenAsync(IStore store, CancellationToken cancellationToken)
    {
        await ArchivePresence.CheckAsync(store, cancellationToken);
        return await ReadAsync(store, cancellationToken);
    }

    /// <summary>As <see cref="OpenAsync"/>; null if the store has no archive.</summary>
    /// <exception cref="StoreException">The store cannot be read, or its index is damaged.</exception>
    public static async Task<ConversationDirectory?> TryOpenAsync(IStore store, CancellationToken cancellationToken)
    {
        ConversationDirectory directory = await ReadAsync(store, cancellationToken);
        return directory.Snapshot.Length > 0 || await new CommittedRuns(store).ListAsync(cancellationToken).AnyAsync(cancellationToken)
            ? directory
            : null;
    }

    private static async Task<ConversationDirectory> ReadAsync(IStore store, CancellationToken cancellationToken)
    {
        try
        {
            return new ConversationDirectory(store, (await ArchiveIndex.ReadAsync(store, cancellationToken)).Catalog);
        }
        catch (IndexDamagedException e)
        {
            throw new StoreException($"{e.Message} Remake it with `kapso-archive verify --rebuild-index`.", e);
        }
    }

    /// <summary>The conversations that match a text; all for null.</summary>
    /// <param name="text">A name or a part of it, a number, a user name, an id or its beginning.</param>
    /// <param name="outcome">Only those with this outcome; null for all.</param>
    /// <param name="order">Their order.</param>
    /// <param name="limit">How many to return at most.</param>
    public ConversationList List(string? text, string? outcome, ConversationOrder order, int limit) =>
        TryList(new ConversationQuery(limit) { Text = text, Outcome = outcome, Order = order })!;

    /// <returns>Null if <see cref="ConversationQuery.After"/> is not among the conversations.</returns>
    public ConversationList? TryList(ConversationQuery query)
    {
        IEnumerable<ArchivedConversation> found = Matching(query);
        ArchivedConversation[] all = query.Order switch
        {
            ConversationOrder.Name => [.. found.OrderBy(c => FoldedText.Of(c.Title), StringComparer.Ordinal)],
            ConversationOrder.Messages => [.. found.OrderByDescending(c => c.Messages)],
            _ => [.. found.OrderByDescending(c => c.LastMessageAt)],
        };
        int start = query.After is null ? 0 : Array.FindIndex(all, c => c.ConversationId == query.After) + 1;
        if (start == 0 && query.After is not null)
            return null;
        int end = Math.Min(all.Length, start + query.Limit);
        return new ConversationList(Snapshot, all.Length, all[start..end]) { HasMore = end < all.Length };
    }

    /// <summary>The ids that begin with a text, or the one that is it, in ordinal order.</summary>
    public IReadOnlyList<string> IdsOf(string prefix) => _conversations.IndexOf(prefix) >= 0
        ? [prefix]
        : [.. _conversations.Where(c => Begins(c, prefix)).Select(c => c.Id)];

    /// <summary>Whether a text is a telephone number, as far as its characters tell.</summary>
    public static bool IsNumber(string text) => text.All(IsOfNumber) && ExportContact.DigitsOf(text).Length is >= Fewest and <= MostDigits;

    /// <summary>The conversation with this id; null if the index does not have it.</summary>
    public ArchivedConversation? Find(string conversationId) =>
        _conversations.IndexOf(conversationId) is >= 0 and int at ? Of(_conversations[at]) : null;

    /// <summary>The one conversation that a person means.</summary>
    /// <returns>Its id; <paramref name="text"/> if nothing matches, because it may be an id that the index does not have.</returns>
    /// <exception cref="SettingException">Several match: the message lists them.</exception>
    public string Resolve(string text)
    {
        if (_conversations.IndexOf(text) >= 0)
            return text;
        ArchivedConversation[] found = [.. Matching(new ConversationQuery(int.MaxValue) { Text = text })];
        return found switch
        {
            [] => text,
            [var one] => one.ConversationId,
            _ => throw Several(text, found, "Give the id of one:"),
        };
    }

    /// <summary>The contact that a person means: all conversations with its numbers and business-scoped ids, also those that only the
    /// source has.</summary>
    /// <param name="text">As for <see cref="Resolve"/>. If no archive knows it, a number with its country code or a business-scoped
    /// id.</param>
    /// <param name="source">Where the conversations are looked for.</param>
    /// <exception cref="SettingException">Several contacts match, and the message lists them; or none does.</exception>
    /// <exception cref="StoreException">The store cannot be read, or its index is damaged.</exception>
    public static async Task<ExportContact> ContactAsync(
        IStore store, string text, ExportSource source, CancellationToken cancellationToken)
    {
        ExportContact? found = source == ExportSource.Archive || await ArchivePresence.IsThereAsync(store, cancellationToken)
            ? (await OpenAsync(store, cancellationToken)).FindContact(text)
            : null;
        return found ?? (source == ExportSource.Archive ? null : ExportContact.Of(text)) ?? throw new SettingException(
            $"The archive at {store.Location} has no contact {VisibleText.PrintedLine(text)}. Find it with `kapso-archive conversations`"
            + (source == ExportSource.Archive ? "." : ", or give a number with its country code."));
    }

    private ExportContact? FindContact(string text)
    {
        if (Wanted.Of(text) is not { } wanted)
            return null;
        IndexedConversation[] found = [.. _conversations.Where(wanted.Matches)];
        if (found.Length == 0)
            return null;
        List<IndexedConversation> all = [found[0]];
        ExportContact contact;
        for (int known = 0; ;)
        {
            contact = new ExportContact(
                text,
                [
                    .. all.Select(c => c.Names.PhoneNumber).OfType<string>().Select(ExportContact.DigitsOf).Where(d => d.Length > 0)
                        .Distinct(),
                ],
                [.. all.Select(c => c.Names.BusinessScopedUserId).OfType<string>().Distinct()],
                [found[0].Id]);
            if (all.Count == known)
                break;
            known = all.Count;
            all = [.. _conversations.Where(Has)];
        }

        return found.All(Has) ? contact : throw Several(text, found.Select(Of), "Give the number or id of one:");

        bool Has(IndexedConversation c) => contact.Has(c.Id, c.Names.PhoneNumber, c.Names.BusinessScopedUserId);
    }

    private SettingException Several(string text, IEnumerable<ArchivedConversation> conversations, string whatToDo)
    {
        const int Most = 10;
        ArchivedConversation[] found = [.. conversations.OrderByDescending(c => c.LastMessageAt)];
        string more = found.Length > Most ? string.Create(CultureInfo.InvariantCulture, $"\n  … and {found.Length - Most:N0} more") : "";
        return new SettingException(string.Create(
            CultureInfo.InvariantCulture,
            $"{VisibleText.PrintedLine(text)} matches {found.Length:N0} conversations of {_store.Location}. {whatToDo}")
            + string.Concat(found.Take(Most).Select(c => $"\n  {Line(c)}")) + more);
    }

    private static string Line(ArchivedConversation conversation)
    {
        string last = conversation.LastMessageAt is { } time ? $", last message {time.UtcDateTime:yyyy-MM-dd}" : "";
        string number = conversation.PhoneNumber is { } phone && phone != conversation.Title ? $", {phone}" : "";
        return VisibleText.PrintedLine($"{conversation.ConversationId}  {conversation.Title}{number}{last}");
    }

    private IEnumerable<ArchivedConversation> Matching(ConversationQuery query)
    {
        IEnumerable<IndexedConversation> found = _conversations.Where(c =>
            query.Activity.Holds(c.NewestCreatedAt) && (query.Outcome is null || Datasets.Name(c.Outcome) == query.Outcome)
            && (query.IdPrefix is null || Begins(c, query.IdPrefix)));
        if (Wanted.Of(query.Text) is { } text)
            found = found.Where(text.Matches);
        if (Wanted.Of(query.Phone) is { } phone)
            found = found.Where(phone.HasNumber);
        if (Wanted.Of(query.Name) is { } name)
            found = found.Where(name.IsNamed);
        return found.Select(Of);
    }

    private static bool Begins(IndexedConversation conversation, string prefix) =>
        conversation.Id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private static bool IsOfNumber(char c) => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or '(' or ')' or '/' or ' ' or '\u00a0';

    private static ArchivedConversation Of(IndexedConversation conversation) => new(
        conversation.Id, conversation.Names.ContactName, conversation.Names.PhoneNumber, conversation.Names.BusinessScopedUserId,
        conversation.Names.Username, conversation.NewestCreatedAt is { } newest ? Timestamp.FromMicros(newest) : null, conversation.Live,
        Datasets.Name(conversation.Outcome));

    /// <summary>What somebody looks for.</summary>
    private sealed class Wanted(string text)
    {
        private readonly string _folded = FoldedText.Of(text);
        private readonly string _userName = text.TrimStart('@');
        private readonly string? _digits = IsNumber(text) ? ExportContact.DigitsOf(text) : null;

        /// <summary>Null for no text.</summary>
        public static Wanted? Of(string? text) => string.IsNullOrWhiteSpace(text) ? null : new Wanted(text.Trim());

        public bool Matches(IndexedConversation conversation) =>
            (text.Length >= Fewest && Begins(conversation, text)) || IsNamed(conversation) || HasNumber(conversation);

        public bool IsNamed(IndexedConversation conversation) =>
            string.Equals(conversation.Names.BusinessScopedUserId, text, StringComparison.OrdinalIgnoreCase)
            || string.Equals(conversation.Names.Username?.TrimStart('@'), _userName, StringComparison.OrdinalIgnoreCase)
            || (_folded.Length > 0 && conversation.Names.ContactName is { } name && HasWords(FoldedText.Of(name)));

        public bool HasNumber(IndexedConversation conversation) =>
            _digits is not null && conversation.Names.PhoneNumber is { } number && IsSameNumber(number);

        /// <summary>Whether each word that is looked for begins a word of the name.</summary>
        private bool HasWords(string name) => _folded.Split(' ').All(word => $" {name}".Contains($" {word}", StringComparison.Ordinal));

        /// <summary>Whether it is the number, written in any way, or its last digits.</summary>
        private bool IsSameNumber(string number)
        {
            string digits = ExportContact.DigitsOf(number);
            return digits.EndsWith(_digits!, StringComparison.Ordinal)
                || (digits.EndsWith(_digits!.AsSpan(_digits!.Length - Fewest), StringComparison.Ordinal)
                    && PhoneNumberUtil.GetInstance().IsNumberMatch(text, number)
                        is not (PhoneNumberUtil.MatchType.NO_MATCH or PhoneNumberUtil.MatchType.NOT_A_NUMBER));
        }
    }
}
