using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

public sealed class StoreOpenerTests
{
    private const string Emulator = "UseDevelopmentStorage=true";

    [Fact]
    public void Opening_a_folder_store_does_not_create_the_folder()
    {
        using var folder = new TemporaryFolder();
        string lake = folder.File("lake");

        IStore store = Open(new ArchiveOptions { Destination = lake });

        store.ShouldBeOfType<FolderStore>().Location.ShouldBe(lake);
        Directory.Exists(lake).ShouldBeFalse();
    }

    [Fact]
    public void A_containers_URL_is_a_blob_store() =>
        Open(new ArchiveOptions { Destination = "https://account.blob.core.windows.net/lake" })
            .ShouldBeOfType<BlobStore>().Location.ShouldBe("https://account.blob.core.windows.net/lake");

    [Fact]
    public void A_connection_string_and_a_container_are_a_blob_store() =>
        Open(new ArchiveOptions { ConnectionString = Emulator, Container = "lake" }).ShouldBeOfType<BlobStore>();

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void A_missing_destination_is_named(string? destination) =>
        Refusal(new ArchiveOptions { Destination = destination, ConnectionString = destination })
            .ShouldStartWith("Archive:Destination (environment Archive__Destination, or --out) is missing.");

    [Fact]
    public void Two_destinations_are_refused() =>
        Refusal(new ArchiveOptions { Destination = "lake", ConnectionString = Emulator, Container = "lake" })
            .ShouldStartWith("Archive:Destination and Archive:ConnectionString are both set.");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_missing_container_is_named(string? container) =>
        Refusal(new ArchiveOptions { ConnectionString = Emulator, Container = container }).ShouldStartWith("Archive:Container (environment Archive__Container) is missing");

    [Theory]
    [InlineData("Upper")]
    [InlineData("a")]
    [InlineData("two--hyphens")]
    public void An_invalid_container_is_named(string container) =>
        Refusal(new ArchiveOptions { ConnectionString = Emulator, Container = container }).ShouldStartWith($"Archive:ConnectionString or Archive:Container: '{container}' cannot be");

    [Theory]
    [InlineData("https://account.blob.core.windows.net/lake?sv=2024&sig=c2VjcmV0", "shared access signatures (SAS) are not supported")]
    [InlineData("http://account.blob.core.windows.net/lake", "must start with https")]
    [InlineData("https://account.blob.core.windows.net/", "must name a container")]
    [InlineData("https://account.blob.core.windows.net/lake/below", "must name a container and nothing below it")]
    [InlineData("https://", "is not a URL")]
    public void A_URL_of_no_container_is_refused_without_showing_its_secret(string url, string problem)
    {
        string message = Refusal(new ArchiveOptions { Destination = url });

        message.ShouldStartWith("Archive:Destination: ");
        message.ShouldContain(problem);
        message.ShouldNotContain("c2VjcmV0");
    }

    [Fact]
    public void An_invalid_connection_string_is_named_and_not_shown()
    {
        string message = Refusal(new ArchiveOptions { ConnectionString = "AccountKey c2VjcmV0", Container = "lake" });

        message.ShouldStartWith("Archive:ConnectionString or Archive:Container: The connection string");
        message.ShouldNotContain("c2VjcmV0");
    }

    [Fact]
    public void An_impossible_folder_name_is_refused() =>
        Refusal(new ArchiveOptions { Destination = "nul\0" }).ShouldStartWith("Archive:Destination: ");

    private static IStore Open(ArchiveOptions options) => StoreOpener.Open(options, TimeProvider.System);

    private static string Refusal(ArchiveOptions options) => Should.Throw<SettingException>(() => Open(options)).Message;
}
