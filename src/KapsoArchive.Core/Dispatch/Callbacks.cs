using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Dispatch;

/// <summary>Writes the status of an export as the API shows it.</summary>
public delegate byte[] StatusWriter(ProgressDocument export, Manifest? manifest, DateTimeOffset now);

/// <summary>Calls the URLs of exports that have ended, until the receiver accepts or the last attempt fails. An attempt is counted in the
/// store before it begins, so no process repeats it without end, and several do not send it at once.</summary>
/// <param name="write">Null in a host without the API, which accepts no callbacks.</param>
public sealed class Callbacks(
    ProjectArchive archive, ExportDesk exports, IHttpClientFactory clients, ILogger<Callbacks> log, StatusWriter? write = null)
{
    private const int AtOnce = 8;

    /// <summary>The most attempts of one delivery, so that it ends within the time limit of a function.</summary>
    private const int MostAttempts = 64;

    /// <summary>Pauses after the first attempt, the second and so on. A receiver that is down for a night misses nothing.</summary>
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1),
        TimeSpan.FromHours(4), TimeSpan.FromHours(12),
    ];

    /// <summary>How long a callback without an export is kept: the export may just be written.</summary>
    private static readonly TimeSpan OrphanAge = TimeSpan.FromDays(1);

    private readonly IStore _store = archive.Store;
    private bool _isFailing;

    /// <summary>Whether callbacks can be signed.</summary>
    /// <exception cref="SettingException">The secret is too short.</exception>
    public bool AreSigned => Secret is not null;

    private string? Secret => archive.Read<CallbackOptions>().CallbackSecret;

    /// <summary>Makes the calls that are due.</summary>
    /// <returns>The exports whose receivers did not accept, and when the next attempt is due. If the store fails, that is logged, and the
    /// callbacks wait for the next delivery.</returns>
    public async Task<IReadOnlyList<(string ExportId, TimeSpan Pause)>> DeliverAsync(CancellationToken cancellationToken)
    {
        if (write is null || Secret is not { } secret)
            return [];
        try
        {
            IReadOnlyList<(string, TimeSpan)> left = await DeliverAsync(secret, cancellationToken);
            _isFailing = false;
            return left;
        }
        catch (StoreException e)
        {
            if (!_isFailing)
                DispatchLogs.CallbacksWait(log, e);
            _isFailing = true;
            return [];
        }
    }

    private async Task<IReadOnlyList<(string ExportId, TimeSpan Pause)>> DeliverAsync(string secret, CancellationToken cancellationToken)
    {
        List<(string, TimeSpan)> left = [];
        int attempts = 0;
        await Parallel.ForEachAsync(
            _store.ListAsync(StoreArea.State, PendingCallback.Folder, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (file, canceled) =>
            {
                if (Volatile.Read(ref attempts) >= MostAttempts
                    || await TakeAsync(file.Path, canceled) is not var (callback, export))
                    return;
                Interlocked.Increment(ref attempts);
                if (await CallAsync(callback, export, new CallbackCall(clients, secret), canceled) is { } pause)
                {
                    lock (left)
                        left.Add((callback.ExportId, pause));
                }
            });
        return left;
    }

    /// <summary>Takes a callback whose export has ended, and counts the attempt.</summary>
    /// <returns>Null if none is due.</returns>
    private async Task<(PendingCallback Callback, ProgressDocument Export)?> TakeAsync(StorePath path, CancellationToken cancellationToken)
    {
        if (await _store.ReadAsync(path, cancellationToken) is not { } stored)
            return null;
        if (PendingCallback.TryParse(stored.Content.Span) is not { } callback || PendingCallback.PathOf(callback.ExportId) != path)
        {
            DispatchLogs.CallbackDamaged(log, path.Name);
            await _store.DeleteAsync(path, cancellationToken);
            return null;
        }

        DateTimeOffset now = archive.Time.GetUtcNow();
        if (callback.NotBefore > now && callback.NotBefore - now <= Pauses[^1]) // Otherwise the clock was set back.
            return null;
        if (await exports.FindAsync(callback.ExportId, cancellationToken) is not { } export)
        {
            if (now - callback.AcceptedAt > OrphanAge)
                await _store.DeleteAsync(path, cancellationToken);
            return null;
        }

        if (!export.HasEnded)
            return null;
        if (callback.Attempts > Pauses.Length)
        {
            await GiveUpAsync(callback, "the last attempt was interrupted", cancellationToken);
            return null;
        }

        callback = callback with
        {
            Attempts = callback.Attempts + 1,
            NotBefore = now + Pauses[Math.Min(callback.Attempts, Pauses.Length - 1)],
        };
        try
        {
            await _store.ReplaceAsync(path, callback.ToJson(), stored.ETag, cancellationToken);
            return (callback, export);
        }
        catch (StoreConflictException)
        {
            return null; // Another worker has taken it.
        }
    }

    /// <returns>The pause before the next attempt; null if there is none.</returns>
    private async Task<TimeSpan?> CallAsync(
        PendingCallback callback, ProgressDocument export, CallbackCall call, CancellationToken cancellationToken)
    {
        DateTimeOffset now = archive.Time.GetUtcNow();
        byte[] body = write!(export, await exports.ManifestAsync(export.RunId, cancellationToken), now);
        string? reason = await call.TrySendAsync(callback.Url, body, now, cancellationToken);
        if (reason is not null && callback.Attempts <= Pauses.Length)
        {
            TimeSpan pause = Pauses[callback.Attempts - 1];
            DispatchLogs.CallbackFailed(log, callback.ExportId, callback.Attempts, reason, pause);
            return pause;
        }

        if (reason is not null)
            await GiveUpAsync(callback, reason, cancellationToken);
        else
            await _store.DeleteAsync(PendingCallback.PathOf(callback.ExportId), cancellationToken);
        return null;
    }

    private async Task GiveUpAsync(PendingCallback callback, string reason, CancellationToken cancellationToken)
    {
        DispatchLogs.CallbackGivenUp(log, callback.ExportId, callback.Attempts, reason);
        await _store.DeleteAsync(PendingCallback.PathOf(callback.ExportId), cancellationToken);
    }
}
