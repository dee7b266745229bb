namespace KapsoArchive.Sandbox.Http;

/// <summary>One page of any numbered list: <c>data</c> and <c>meta</c>.</summary>
internal static class PageJson
{
    public static SandboxAnswer Of(SandboxPage page) =>
        Of(page.Meta, page.Records.Count, (place, json) => json.Append(page.Records[place].Span));

    /// <param name="plan">The positions to show.</param>
    /// <param name="writeItem">Writes the JSON of the item at a position.</param>
    public static SandboxAnswer Of(PageCut plan, Action<long, Utf8Buffer> writeItem) =>
        Of(plan.Meta, plan.Positions.Length, (place, json) => writeItem(plan.Positions[place], json));

    private static SandboxAnswer Of(SandboxMeta? meta, int count, Action<int, Utf8Buffer> write)
    {
        var json = new Utf8Buffer(64 * 1024);
        json.Append("{\"data\":["u8);
        for (int i = 0; i < count; i++)
        {
            if (i > 0) json.Append((byte)',');
            write(i, json);
        }
        json.Append((byte)']');
        if (meta is not null) Write(meta, json);
        json.Append((byte)'}');
        return new SandboxAnswer(StatusCodes.Status200OK, json);
    }

    private static void Write(SandboxMeta meta, Utf8Buffer json)
    {
        bool camel = meta.Form == SandboxMetaForm.CamelCase;
        json.Append(",\"meta\":{\"page\":"u8);
        json.Append(meta.Page);
        json.Append(camel ? ",\"perPage\":"u8 : ",\"per_page\":"u8);
        json.Append(meta.PerPage);
        if (meta.TotalPages is not null || meta.Form == SandboxMetaForm.Null)
        {
            json.Append(camel ? ",\"totalPages\":"u8 : ",\"total_pages\":"u8);
            Write(meta.TotalPages, meta.Form, json);
        }
        json.Append(camel ? ",\"totalCount\":"u8 : ",\"total_count\":"u8);
        Write(meta.TotalCount, meta.Form, json);
        json.Append((byte)'}');
    }

    private static void Write(long? count, SandboxMetaForm form, Utf8Buffer json)
    {
        bool quoted = form == SandboxMetaForm.Text;
        if (quoted) json.Append((byte)'"');
        if (count is { } number) json.Append(number);
        else json.Append("null"u8);
        if (quoted) json.Append((byte)'"');
    }
}
