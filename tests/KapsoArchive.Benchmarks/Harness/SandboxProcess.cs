using System.Globalization;
using System.Text.Json;

namespace KapsoArchive.Benchmarks.Harness;

/// <summary>A sandbox API in a process of its own, so that what it costs is nobody else's.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    private readonly ChildProcess _child;

    private SandboxProcess(ChildProcess child, string url) => (_child, Url) = (child, url);

    public string Url { get; }

    /// <param name="rateLimit">Requests a window; 0 for no limit.</param>
    /// <param name="competitor">Requests that somebody else with the same key makes in each window.</param>
    /// <param name="mediaBytes">The size of the files behind its messages; null for none.</param>
    public static async Task<SandboxProcess> StartAsync(int conversations, long messages, int rateLimit = 0, double windowSeconds = 60, long? mediaBytes = null, int competitor = 0)
    {
        ChildProcess child = ChildProcess.Start("sandbox", [
            string.Create(CultureInfo.InvariantCulture, $"conversations={conversations}"),
            string.Create(CultureInfo.InvariantCulture, $"messages={messages}"),
            string.Create(CultureInfo.InvariantCulture, $"rate={rateLimit}"),
            string.Create(CultureInfo.InvariantCulture, $"window={TimeSpan.FromSeconds(windowSeconds)}"),
            string.Create(CultureInfo.InvariantCulture, $"competitor={competitor}"),
            .. mediaBytes is { } bytes ? (string[])[string.Create(CultureInfo.InvariantCulture, $"media-bytes={bytes}")] : [],
        ]);
        return new SandboxProcess(child, await child.ReadAsync() ?? throw new InvalidOperationException("The sandbox did not start."));
    }

    /// <summary>What was asked of it so far.</summary>
    public async Task<SandboxUse> UseAsync() => JsonSerializer.Deserialize<SandboxUse>(await _child.AskAsync("use"))!;

    public ValueTask DisposeAsync() => _child.DisposeAsync();
}
