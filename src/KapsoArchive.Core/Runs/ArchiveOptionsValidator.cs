using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Core.Runs;

/// <summary>Says which setting of section <c>Archive</c> is out of its range. What only some commands need is checked where it is used.</summary>
internal sealed class ArchiveOptionsValidator : IValidateOptions<ArchiveOptions>
{
    public ValidateOptionsResult Validate(string? name, ArchiveOptions options)
    {
        List<ValidationResult> outOfRange = [];
        return Validator.TryValidateObject(options, new ValidationContext(options), outOfRange, validateAllProperties: true)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(outOfRange.Select(result => result.ErrorMessage!));
    }
}
