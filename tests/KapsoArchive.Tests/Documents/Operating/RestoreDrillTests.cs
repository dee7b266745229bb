using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Documents.Operating;

/// <summary>The restore drill, run from its page: the archive is lost, and goes on from a copy.</summary>
public sealed class RestoreDrillTests
{
    private static readonly SandboxOptions World = new() { Conversations = 8, Messages = 300 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_drill_of_the_page_loses_nothing_that_Kapso_still_lists_and_names_the_gap()
    {
        using var folder = new TemporaryFolder();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, time: null, Cancellation);
        var machine = new OperatorMachine(folder.Path, sandbox.BaseUrl, World.ApiKey);
        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            ["HOME"] = machine.Here("/var/lib/kapso-archive"),
            ["PATH"] = $"{machine.Here("/opt/kapso-archive")}:/usr/bin:/bin",
            ["CREDENTIALS_DIRECTORY"] = machine.Here("/etc/kapso-archive/credentials"),
        };
        Dictionary<string, MovingListing> moving = sandbox.Data.Conversations.ToDictionary(c => c.Id, c => sandbox.Listings.Moving(c.Id));
        var store = new FolderStore(machine.Lake);

        await NightAsync();
        await DoAsync(machine.Shell("## Backup and restore"));
        string last = (await PresentState.ManifestsAsync(store))[^1].RunId;
        await NightAsync();
        await NightAsync();
        Directory.Delete(machine.Lake, recursive: true);
        Move();
        CliResult drill = await DoAsync(machine.Shell("### The archive is lost"));

        Manifest[] manifests = [.. await PresentState.ManifestsAsync(store)];
        manifests.Length.ShouldBe(2);
        manifests[1].Warnings.ShouldHaveSingleItem().ShouldStartWith($"The archive goes on from a copy of {machine.Lake} that ends with run {last}, of ");
        drill.Error.ShouldContain($"Warning: {manifests[1].Warnings![0]}");
        (await PresentState.ArchivedAsync(store)).ShouldBe(PresentState.Truth(sandbox, moving));
        foreach (string place in (string[])[machine.Lake, machine.Copy])
            (await DoAsync($"kapso-archive verify --lake {place}")).Output.ShouldContain($"The archive at {place} is sound.");
        (await PresentState.ManifestsAsync(new FolderStore(machine.Copy))).Select(m => m.RunId).ShouldBe(manifests.Select(m => m.RunId));

        async Task NightAsync()
        {
            Move();
            await DoAsync($"kapso-archive run --conversations all --quiet --out {machine.Lake}");
        }

        void Move()
        {
            foreach (MovingListing listing in moving.Values)
            {
                listing.InsertCreatedAt(TimeProvider.System.GetUtcNow());
                listing.Update(listing.At(1).Id, "read");
            }
        }

        async Task<CliResult> DoAsync(string lines)
        {
            CliResult result = await machine.ShellAsync($"set -e\n{lines}", environment);
            result.ExitCode.ShouldBe(0, result.Output + result.Error);
            return result;
        }
    }
}
