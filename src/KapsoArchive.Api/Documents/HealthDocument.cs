using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Api.Documents;

/// <summary>Whether the server can do its work.</summary>
[Description("Whether requests can be carried out.")]
internal sealed record HealthDocument(
    [property: AllowedValues("ready", "unready")] string Status,
    HealthChecks Checks);

/// <summary>One check and its result.</summary>
[Description("Each check: ok, or a sentence that says what is wrong.")]
internal sealed record HealthChecks(string Settings, string Store, string Queue);
