using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Api.Documents;

/// <summary>That the process answers.</summary>
[Description("The process answers.")]
internal sealed record LiveDocument([property: AllowedValues("live")] string Status);
