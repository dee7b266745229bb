namespace KapsoArchive.Tests.Sandbox;

/// <summary>Waits for something that another thread is about to do.</summary>
internal static class Poll
{
    public static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(5, TestContext.Current.CancellationToken);
    }
}
