using Microsoft.Extensions.Options;

namespace KapsoArchive.Core.Kapso;

/// <summary>Reports which setting is wrong and how to fix it, without repeating the key.</summary>
internal sealed class KapsoOptionsValidator : IValidateOptions<KapsoOptions>
{
    public ValidateOptionsResult Validate(string? name, KapsoOptions options)
    {
        List<string> failures = [];
        if (string.IsNullOrWhiteSpace(options.ApiKey))
            failures.Add("Kapso:ApiKey (environment Kapso__ApiKey) is missing. Set it to the API key of your Kapso project.");
        else if (options.ApiKey.Any(c => c is <= ' ' or > '~'))
            failures.Add(
                "Kapso:ApiKey (environment Kapso__ApiKey) contains a space, a line break or another character that no key has. Copy the "
                + "key again.");

        if (BaseUrlFailure(options.BaseUrl) is { } failure)
            failures.Add($"Kapso:BaseUrl (environment Kapso__BaseUrl) {failure}");

        if (options.MaxRecordMegabytes > options.MaxPageMegabytes)
            failures.Add(
                "Kapso:MaxRecordMegabytes (environment Kapso__MaxRecordMegabytes) must not be more than Kapso:MaxPageMegabytes: a page "
                + "holds its records.");

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string? BaseUrlFailure(string? text)
    {
        const string Example = "for example https://app.kapso.ai/api/v1/";
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
            return $"is not an http or https URL. Give the full URL, {Example}.";
        if (url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
            return $"must not contain a user, query or fragment, {Example}.";
        if (!url.AbsolutePath.EndsWith('/'))
            return $"must end with a slash, {Example}.";
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
            return $"must begin with https://, so that the key is not sent unencrypted, {Example}.";
        return null;
    }
}
