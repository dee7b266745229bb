using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Api.Documents;

/// <summary>The answer of a live process.</summary>
[Description("The process answers.")]
internal sealed record LiveDocument([property: AllowedValues("live")] string Status);
