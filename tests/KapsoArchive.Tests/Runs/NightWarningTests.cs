using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Api;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

/// <summary>A night that lacks something is one warning. One in which a conversation is gone at Kapso lacks nothing.</summary>
public sealed class NightWarningTests : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(404, "Succeeded", false)]
    [InlineData(403, "PartiallySucceeded", true)]
    public async Task Only_what_is_not_complete_is_a_warning(int answer, string status, bool warns)
    {
        bool refuses = false;
        await using ListSource source = await new ListSource
        {
            Conversations = [("c0", Begin), ("c1", Begin)],
            Answer = conversation => refuses && conversation == "c1" ? (answer, "{}") : null,
        }.StartAsync();
        using var log = new LogBook();
        var everything = new KeyValuePair<string, string?>("Archive:FullSweepEvery", "00:00:00");
        await using var harness = new RunHarness(source.Api, new FolderStore(_folder.Path), logs: log, settings: everything);
        await harness.RunAsync();
        log.Problems.ShouldBeEmpty();

        refuses = true;
        Manifest manifest = await harness.RunAsync();

        (manifest.Status, manifest.Incomplete.Count).ShouldBe((status, 1));
        log.Problems.Select(p => p.Contains($"Run {manifest.RunId} is not complete: 1 conversation (c1). See", StringComparison.Ordinal))
            .ShouldBe(warns ? [true] : []);
    }
}
