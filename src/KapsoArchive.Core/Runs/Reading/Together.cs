namespace KapsoArchive.Core.Runs.Reading;

/// <summary>Reads and writes at once. If one fails, the other is cancelled.</summary>
internal static class Together
{
    public static async Task DoAsync(
        Func<CancellationToken, Task> read, Func<CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(AbortingTheOther(read), AbortingTheOther(write));

        async Task AbortingTheOther(Func<CancellationToken, Task> work)
        {
            try
            {
                await work(abort.Token);
            }
            catch (Exception)
            {
                await abort.CancelAsync();
                throw;
            }
        }
    }
}
