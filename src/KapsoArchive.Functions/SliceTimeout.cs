using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Functions;

/// <summary>Rejects slices that the host would time out: it would deliver their message again while they go on. A fifth of the time-out is
/// for a slice to close its parts and save its progress.</summary>
internal sealed class SliceTimeout(IConfiguration configuration) : IValidateOptions<ArchiveOptions>
{
    private const double MostOfTimeout = 0.8;

    public ValidateOptionsResult Validate(string? name, ArchiveOptions options) =>
        FunctionTimeout() is { } timeout && options.SliceDuration > timeout * MostOfTimeout
            ? ValidateOptionsResult.Fail(
                $"Archive:SliceDuration (environment Archive__SliceDuration) is {options.SliceDuration}. It must be at most four fifths of "
                    + $"functionTimeout in host.json (environment AzureFunctionsJobHost__functionTimeout), which is {timeout}.")
            : ValidateOptionsResult.Success;

    /// <summary>Null if functions have no time limit.</summary>
    private TimeSpan? FunctionTimeout()
    {
        string? text = configuration["AzureFunctionsJobHost:functionTimeout"] ?? OfHostFile();
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan timeout) && timeout > TimeSpan.Zero ? timeout : null;
    }

    private static string? OfHostFile()
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "host.json"));
        using JsonDocument host = JsonDocument.Parse(file);
        return host.RootElement.TryGetProperty("functionTimeout", out JsonElement timeout) ? timeout.GetString() : null;
    }
}
