using System.Xml;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>Turns Azure's errors into a sentence that names the location and what to check.</summary>
internal static class BlobFault
{
    public static bool Explains(Exception exception) =>
        exception is RequestFailedException or AuthenticationFailedException or AggregateException or IOException or XmlException;

    public static StoreException Explain(Exception exception, string location) => new(
        exception switch
        {
            RequestFailedException { Status: > 0 } failed => Sentence(failed, location),
            AuthenticationFailedException =>
                $"There is no credential for {location}: sign in (az login), or give the program a managed identity.",

            XmlException =>
                $"{location} did not answer as blob storage does: check the account's address, and any proxy before it.",

            // The SDK has retried already. What remains is a connection that failed or broke each time.
            _ => $"{location} cannot be reached: check the account's name, the network and the account's firewall.",
        },
        exception);

    /// <summary>The error for a container that is readable and writable but whose account issues no key for signing links.</summary>
    public static StoreException ExplainNoDelegation(RequestFailedException failed, string account) => new(
        $"Azure answered {failed.Status} {failed.ErrorCode}: {account} gave no key to sign read links with. Give the identity the role "
        + "'Storage Blob Delegator', or 'Storage Blob Data Contributor', "
        + "on the storage account itself: one on a container does not cover it.",
        failed);

    public static async Task<T> ExplainAsync<T>(string location, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (Exception exception) when (Explains(exception))
        {
            throw Explain(exception, location);
        }
    }

    public static async Task ExplainAsync(string location, Func<Task> request) => await ExplainAsync(location, async () =>
    {
        await request();
        return true;
    });

    private static string Sentence(RequestFailedException failed, string location)
    {
        string said = $"Azure answered {failed.Status} {failed.ErrorCode}".TrimEnd();
        return failed.Status switch
        {
            401 or 403 =>
                $"{said}: no access to {location}. Check the credentials, that they have the role 'Storage Blob Data Contributor' there, "
                    + "and the account's firewall.",
            404 when failed.ErrorCode == BlobErrorCode.ContainerNotFound =>
                $"{said}: {location} does not exist. Check the container's name.",
            400 or 404 => $"{said} for {location}. Check the address of the account and the container's name.",
            429 or >= 500 => $"{said} for {location}, several times: the account is busy or failing. Try again later.",
            _ => $"{said} for {location}.",
        };
    }
}
