using System.Security.Cryptography;
using KapsoArchive.Core.Media;

namespace KapsoArchive.Tests.Media;

/// <summary>The memory of a download. Nothing else runs in the process meanwhile, so that its allocations can be counted.</summary>
[CollectionDefinition(nameof(MediaMemoryTests), DisableParallelization = true)]
[Collection(nameof(MediaMemoryTests))]
public sealed class MediaMemoryTests
{
    private const int Piece = 1_000_000;

    [Fact]
    public async Task A_file_of_100_MB_takes_no_more_memory_than_one_of_1_MB()
    {
        await using var internet = new MadeUpInternet();
        byte[] piece = RandomNumberGenerator.GetBytes(Piece);
        foreach (int pieces in (int[])[1, 100])
        {
            internet.Put($"/{pieces}", async (stream, cancellationToken) =>
            {
                await MadeUpInternet.Bytes($"HTTP/1.1 200 OK\nContent-Length: {pieces * (long)Piece}\n")(stream, cancellationToken);
                for (int i = 0; i < pieces; i++)
                    await stream.WriteAsync(piece, cancellationToken);
            });
        }

        await AllocatedAsync(internet, piece, 1);
        long small = await AllocatedAsync(internet, piece, 1);
        long large = await AllocatedAsync(internet, piece, 100);

        TestContext.Current.TestOutputHelper!.WriteLine($"allocated for 1 MB: {small:#,0} bytes; for 100 MB: {large:#,0} bytes, both sides of the connection");
        large.ShouldBeLessThan(20_000_000);
    }

    private static async Task<long> AllocatedAsync(MadeUpInternet internet, byte[] piece, int pieces)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < pieces; i++)
            hash.AppendData(piece);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await using MediaAnswer download = await internet.GetAsync($"https://files.example.com/{pieces}", maxBytes: 100_000_000);
        await download.Content!.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        (download.Content.Length, download.Content.Sha256).ShouldBe((pieces * (long)Piece, Convert.ToHexStringLower(hash.GetHashAndReset())));
        return allocated;
    }
}
