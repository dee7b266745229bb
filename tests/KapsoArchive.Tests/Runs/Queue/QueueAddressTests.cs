using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;

namespace KapsoArchive.Tests.Runs.Queue;

public sealed class QueueAddressTests
{
    [Theory]
    [InlineData("https://account.blob.core.windows.net/archive", "https://account.queue.core.windows.net/")]
    [InlineData("https://account.dfs.core.windows.net/archive", "https://account.queue.core.windows.net/")]
    [InlineData("https://account.blob.core.chinacloudapi.cn/archive/", "https://account.queue.core.chinacloudapi.cn/")]
    [InlineData("https://account.z01.blob.storage.azure.net/archive", "https://account.z01.queue.storage.azure.net/")]
    [InlineData("https://blob.blob.core.windows.net/blob", "https://blob.queue.core.windows.net/")]
    public void A_containers_queue_is_in_its_account(string container, string queues) => QueueAddress.OfContainer(container).ShouldBe(new Uri(queues));

    [Theory]
    [InlineData("https://archive.example.org/archive")]
    [InlineData("https://blob.example.org/archive")]
    [InlineData("https://127.0.0.1/archive")]
    public void A_host_of_ones_own_does_not_tell_it(string container)
    {
        StoreException exception = Should.Throw<StoreException>(() => QueueAddress.OfContainer(container));

        exception.Message.ShouldContain(container);
        exception.Message.ShouldContain("https://ACCOUNT.blob.core.windows.net/CONTAINER");
    }

    [Fact]
    public void A_secret_in_the_URL_is_not_repeated() =>
        Should.Throw<StoreException>(() => QueueAddress.OfContainer("https://account.blob.core.windows.net/archive?sig=c2VjcmV0")).Message.ShouldNotContain("c2VjcmV0");
}
