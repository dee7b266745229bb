using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Core.Settings;

/// <summary>Reports which setting is out of range, in the setting's own words, without the framework's text.</summary>
internal sealed class RangeValidator<TOptions> : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        List<ValidationResult> outOfRange = [];
        return Validator.TryValidateObject(options, new ValidationContext(options), outOfRange, validateAllProperties: true)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(outOfRange.Select(result => result.ErrorMessage!));
    }
}
