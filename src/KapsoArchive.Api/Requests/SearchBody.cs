using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Api.Requests;

/// <summary>Describes the body of a search in the OpenAPI document. <see cref="SearchBodyReader"/> reads it.</summary>
[Description("What to look for: phone, name or text. Of phone, name and outcome, every one that is given must hold.")]
internal sealed record SearchBody
{
    [Description("A telephone number in any spelling, or at least its last four digits.")]
    public string? Phone { get; init; }

    [Description("A name or the beginnings of its words, whatever their case and accents; a user name; a business-scoped id.")]
    public string? Name { get; init; }

    [Description("Text that messages contain, whatever its case and accents; alone, or with limit. The function app does not have it: " +
        "501 names the command that does.")]
    public string? Text { get; init; }

    [Description("How the last reading ended.")]
    [AllowedValues("complete", "incomplete", "gone", "failed", null)]
    public string? Outcome { get; init; }

    [Description("last: newest message first, the default; name; or messages: most messages first.")]
    [AllowedValues("last", "name", "messages", null)]
    public string? Sort { get; init; }

    [Description("The maximum number of items, 1 to 100; 20 if absent.")]
    public int? Limit { get; init; }

    [Description("The value of after in the previous page.")]
    public string? After { get; init; }
}
