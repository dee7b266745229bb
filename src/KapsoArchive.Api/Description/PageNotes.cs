namespace KapsoArchive.Api.Description;

/// <summary>The parameters of every list, for the OpenAPI document.</summary>
internal static class PageNotes
{
    public static readonly ParameterNote[] All =
    [
        new("limit", "query", "The maximum number of items.") { Number = (1, PageQuery.MaxLimit, PageQuery.DefaultLimit) },
        new("before", "query", "Only items older than the item with this id. The URL in next contains it.")
            { Pattern = "^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$" },
    ];
}
