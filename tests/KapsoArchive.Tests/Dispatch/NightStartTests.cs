using Azure.Storage.Blobs;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Api;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Tests.Dispatch;

/// <summary>What the timer finds on a new storage account, on a damaged one, and with a wrong setting.</summary>
public sealed class NightStartTests(AzuriteServer azurite)
{
    private static readonly SandboxOptions World = new() { Conversations = 12, Messages = 1_200 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_night_on_a_new_storage_account_starts()
    {
        BlobStore store = await StoreAsync();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store, settings: [new("Archive:Conversations", "all")]);

        await harness.Nightly.DueAsync(isLate: false, Cancellation);

        harness.Wakes.TryTake(out RunMessage? message).ShouldBeTrue();
        await harness.Worker.HandleAsync(message!, Cancellation);
        (await store.ReadAsync(new StorePath(StoreArea.State, "latest.json"), Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_night_without_its_data_container_fails_and_creates_nothing()
    {
        BlobStore store = await StoreAsync();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store, settings: [new("Archive:Conversations", "all")]);
        await harness.RunAsync();
        var service = new BlobServiceClient(await azurite.ConnectionStringAsync(Cancellation));
        await service.DeleteBlobContainerAsync(store.Location[(store.Location.LastIndexOf('/') + 1)..], cancellationToken: Cancellation);

        StoreException exception = await Should.ThrowAsync<StoreException>(harness.Nightly.DueAsync(isLate: false, Cancellation));

        exception.Message.ShouldContain("shows that it was used");
        harness.Wakes.Messages.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Kapso:ApiKey", "")]
    [InlineData("Archive:SliceDuration", "soon")]
    [InlineData("Archive:Conversations", "")]
    public async Task The_timer_logs_a_wrong_setting_once_with_the_fix(string setting, string value)
    {
        using var folder = new TemporaryFolder();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        using var log = new LogBook();
        await using var harness = new RunHarness(
            sandbox.BaseUrl, new FolderStore(folder.Path), logs: log, settings: [new("Archive:Conversations", "all"), new(setting, value)]);

        await harness.Nightly.DueAsync(isLate: false, Cancellation);

        (LogLevel level, _, string text) = log.Entries.Where(e => e.Level >= LogLevel.Warning).ShouldHaveSingleItem();
        level.ShouldBe(LogLevel.Error);
        text.ShouldContain($"{setting} (environment {setting.Replace(":", "__", StringComparison.Ordinal)})");
        harness.Wakes.Messages.ShouldBeEmpty();
    }

    private async Task<BlobStore> StoreAsync() => BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());
}
