using KapsoArchive.Api.Requests;

namespace KapsoArchive.Api.Description;

/// <summary>The parameters of every list, for the OpenAPI document.</summary>
internal static class PageNotes
{
    public static readonly ParameterNote[] All =
    [
        new("limit", "query", "How many items at most.") { Number = (1, PageQuery.MaxLimit, PageQuery.DefaultLimit) },
        new("before", "query", "Only items older than the one of this id. The address in next has it.")
            { Pattern = "^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$" },
    ];
}
