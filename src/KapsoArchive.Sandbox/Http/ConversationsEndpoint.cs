using System.Text.Encodings.Web;

namespace KapsoArchive.Sandbox.Http;

/// <summary><c>GET whatsapp_conversations</c>: the conversations by last activity, newest first, filtered by status and activity.</summary>
internal sealed class ConversationsEndpoint(SandboxListings listings)
{
    // Rails does not escape non-ASCII text.
    private static readonly JsonSerializerOptions RawUtf8 = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private SortedConversations? _sorted;

    public SandboxAnswer Get(IQueryCollection query)
    {
        if (!PageRequest.TryRead(query, out var page, out string problem)) return Errors.Unprocessable(problem);
        if (!TryReadTime(query, "q[last_active_at_gteq]", DateTimeOffset.MinValue, out var from, out problem))
            return Errors.Unprocessable(problem);
        if (!TryReadTime(query, "q[last_active_at_lteq]", DateTimeOffset.MaxValue, out var to, out problem))
            return Errors.Unprocessable(problem);

        var sorted = Sorted().WithStatus(query["q[status_eq]"].LastOrDefault());
        int first = FirstWhere(sorted, time => time <= to);
        int end = FirstWhere(sorted, time => time < from);
        return PageJson.Of(PageCut.Of(page.Page, page.PerPage, Math.Max(0, end - first)),
            (position, json) => WriteRow(sorted[first + position], json));
    }

    private SortedConversations Sorted()
    {
        lock (_lock)
        {
            long version = listings.Version;
            if (_sorted?.Version != version) _sorted = new SortedConversations(version, listings.Conversations());
            return _sorted;
        }
    }

    /// <summary>Binary search: the first position whose time meets a condition that then holds to the end of the list.</summary>
    private static int FirstWhere(SandboxConversation[] sorted, Func<DateTimeOffset, bool> condition)
    {
        int low = 0;
        int high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (condition(sorted[middle].LastActiveAt)) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    private static bool TryReadTime(
        IQueryCollection query, string name, DateTimeOffset otherwise, out DateTimeOffset time, out string problem)
    {
        time = otherwise;
        problem = $"{name} must be an ISO 8601 time such as 2026-03-01T00:00:00Z";
        string? text = query[name].LastOrDefault();
        return string.IsNullOrEmpty(text)
            || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }

    private static void WriteRow(SandboxConversation conversation, Utf8Buffer json) => json.Append(JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            id = conversation.Id,
            phone_number = conversation.PhoneNumber,
            status = conversation.Status,
            last_active_at = conversation.LastActiveAt.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            contact_name = conversation.ContactName,
        },
        RawUtf8));
}
