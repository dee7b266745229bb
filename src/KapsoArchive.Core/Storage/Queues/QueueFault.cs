using Azure;
using Azure.Storage.Queues.Models;
using KapsoArchive.Core.Storage.Blobs;

namespace KapsoArchive.Core.Storage.Queues;

/// <summary>Turns Azure's errors about a queue into a sentence that names the queue and what to check.</summary>
internal static class QueueFault
{
    public static StoreException Explain(Exception exception, string location) =>
        exception is RequestFailedException { Status: 400 or 401 or 403 or 404 } failed
        ? new StoreException(Sentence(failed, location), failed)
        : BlobFault.Explain(exception, location);

    public static async Task<T> ExplainAsync<T>(string location, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (Exception exception) when (BlobFault.Explains(exception))
        {
            throw Explain(exception, location);
        }
    }

    private static string Sentence(RequestFailedException failed, string location)
    {
        string said = $"Azure answered {failed.Status} {failed.ErrorCode}".TrimEnd();
        if (failed.Status is 401 or 403)
            return $"{said}: no access to {location}. Check the credentials, that they have the role 'Storage Queue Data Contributor' "
                + "there, and the account's firewall.";
        return failed.ErrorCode == QueueErrorCode.QueueNotFound
            ? $"{said}: {location} does not exist. It was deleted, or nothing has created it yet: the program does so when it starts."
            : $"{said} for {location}. Check the address of the account, and that it has queues.";
    }
}
