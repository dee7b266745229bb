using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Core.Archive;

/// <summary>How callbacks are signed. Section <c>Api</c>.</summary>
public sealed class CallbackOptions
{
    public const string Section = "Api";

    /// <summary>The setting as messages name it.</summary>
    public const string Setting = "Api:CallbackSecret (environment Api__CallbackSecret)";

    private const int Fewest = 32;

    /// <summary>Secret: never logged. If empty, exports take no callback.</summary>
    [MinLength(Fewest, ErrorMessage = Setting + " must have 32 or more characters. Make one with: openssl rand -hex 32")]
    public string? CallbackSecret { get; set => field = string.IsNullOrWhiteSpace(value) ? null : value.Trim(); }
}
