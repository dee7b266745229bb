using KapsoArchive.Core;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Core.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace KapsoArchive.Tests.Runs;

public sealed class RunQueueOpenerTests
{
    [Fact]
    public void Beside_a_folder_the_queue_is_in_this_process() => Open(new ArchiveOptions { Destination = "lake" }).ShouldBeOfType<ChannelRunQueue>();

    [Fact]
    public void Beside_a_container_it_is_in_the_storage_account()
    {
        Open(new ArchiveOptions { Destination = "https://account.blob.core.windows.net/lake" }).ShouldBeOfType<StorageRunQueue>();
        Open(new ArchiveOptions { ConnectionString = "UseDevelopmentStorage=true", Container = "lake" }).ShouldBeOfType<StorageRunQueue>();
    }

    [Fact]
    public void A_destination_that_does_not_tell_its_queue_is_named() =>
        Should.Throw<SettingException>(() => Open(new ArchiveOptions { Destination = "https://archive.example.org/lake" })).Message.ShouldStartWith("Archive:Destination: The queue");

    [Fact]
    public void A_missing_destination_is_named() =>
        Should.Throw<SettingException>(() => Open(new ArchiveOptions())).Message.ShouldStartWith("Archive:Destination (environment Archive__Destination, or --out) is missing.");

    [Fact]
    public async Task All_services_share_one_queue_and_the_store_is_opened_where_its_queue_cannot_be_told()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Archive:Destination"] = "https://archive.example.org/lake" }).Build();
        await using ServiceProvider elsewhere = new ServiceCollection().AddRuns(configuration).BuildServiceProvider();
        elsewhere.GetRequiredService<IStore>().ShouldBeOfType<BlobStore>();
        Should.Throw<SettingException>(() => elsewhere.GetRequiredService<IRunQueue>());

        configuration["Archive:Destination"] = "lake";
        await using ServiceProvider provider = new ServiceCollection().AddRuns(configuration).BuildServiceProvider();
        provider.GetRequiredService<IRunQueue>().ShouldBeSameAs(provider.GetRequiredService<IRunQueue>());
    }

    private static IRunQueue Open(ArchiveOptions options) => RunQueueOpener.Open(options, TimeProvider.System);
}
