using KapsoArchive.Sandbox.Data;

namespace KapsoArchive.Sandbox.Http;

/// <summary>One page of any numbered list: <c>data</c> and <c>meta</c>.</summary>
internal static class Page
{
    /// <param name="request">Which page.</param>
    /// <param name="count">How many items the list has.</param>
    /// <param name="writeItem">Writes the JSON of the item at a position.</param>
    public static Answer Of(PageRequest request, long count, Action<long, Utf8Buffer> writeItem)
    {
        var json = new Utf8Buffer(64 * 1024);
        json.Append("{\"data\":["u8);
        var (first, end) = request.Positions(count);
        for (long position = first; position < end; position++)
        {
            if (position > first) json.Append((byte)',');
            writeItem(position, json);
        }
        json.Append("],\"meta\":{\"page\":"u8);
        json.Append(request.Page);
        json.Append(",\"per_page\":"u8);
        json.Append(request.PerPage);
        json.Append(",\"total_pages\":"u8);
        json.Append(request.TotalPages(count));
        json.Append(",\"total_count\":"u8);
        json.Append(count);
        json.Append("}}"u8);
        return new Answer(StatusCodes.Status200OK, json);
    }
}
