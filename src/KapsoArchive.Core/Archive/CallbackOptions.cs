using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Core.Archive;

/// <summary>How callbacks are signed. Section <c>Api</c>.</summary>
public sealed class CallbackOptions
{
    public const string Section = "Api";

    /// <summary>The setting as messages name it.</summary>
    public const string Setting = "Api:CallbackSecret (environment Api__CallbackSecret)";

    private const string Form = @"^(?!@Microsoft\.KeyVault\().{32,}$";

    /// <summary>Secret, of 32 characters or more: never logged. If empty, exports take no callback. A function app whose reference to a
    /// vault cannot be resolved has the reference as the value, which anybody can guess.</summary>
    [RegularExpression(Form, ErrorMessage = Setting + " must have 32 or more characters, and a reference to a vault must lead to a secret. "
        + "Make one with: openssl rand -hex 32")]
    public string? CallbackSecret { get; set => field = string.IsNullOrWhiteSpace(value) ? null : value.Trim(); }
}
