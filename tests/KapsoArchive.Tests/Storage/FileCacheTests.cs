using System.Runtime.Versioning;
using System.Security.Cryptography;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Storage;

/// <summary>Copies of a container's files: private, sound and bounded.</summary>
public sealed class FileCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Cache => _folder.File("cache");

    public void Dispose() => _folder.Dispose();

    public static TheoryData<UnixFileMode> Open =>
        OperatingSystem.IsWindows() ? [] : [UnixFileMode.GroupWrite, UnixFileMode.OtherWrite, UnixFileMode.OtherRead];

    [Theory]
    [MemberData(nameof(Open))]
    [UnsupportedOSPlatform("windows")]
    public void A_folder_that_others_can_open_is_refused(UnixFileMode more)
    {
        Directory.CreateDirectory(Cache, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(Cache, File.GetUnixFileMode(Cache) | more);

        Should.Throw<StoreException>(() => FileCache.Open(Cache)).Message.ShouldBe(
            $"The cache {Cache} is open to other users of this machine. Give a folder of your own with --cache, or type: chmod 700 '{Cache}'.");
    }

    [Fact]
    public void A_file_in_its_place_is_refused()
    {
        File.WriteAllText(Cache, "");

        Should.Throw<StoreException>(() => FileCache.Open(Cache)).Message.ShouldEndWith("Give another folder with --cache.");
    }

    [Fact]
    public async Task A_file_with_another_hash_is_not_kept()
    {
        await Should.ThrowAsync<InvalidDataException>(() => FileCache.Open(Cache).PathOfAsync(HashOf([1]), () => Content([2]), Cancellation));
        await Should.ThrowAsync<InvalidDataException>(() => FileCache.Open(Cache).PathOfAsync("../../escaped", () => Content([2]), Cancellation));

        Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sound_copy_is_used_and_a_changed_one_is_replaced()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(100);
        int opened = 0;
        Task<string> CopyAsync() => FileCache.Open(Cache).PathOfAsync(HashOf(bytes), () => Content(bytes, () => opened++), Cancellation);
        string path = await CopyAsync();
        await CopyAsync();
        opened.ShouldBe(1);

        await File.WriteAllBytesAsync(path, new byte[100], Cancellation);
        await CopyAsync();

        opened.ShouldBe(2);
        (await File.ReadAllBytesAsync(path, Cancellation)).ShouldBe(bytes);
    }

    [Fact]
    public async Task The_copies_unused_for_longest_make_room()
    {
        var now = DateTime.UtcNow;
        List<string> paths = [];
        for (byte i = 0; i < 4; i++)
        {
            byte[] bytes = [.. Enumerable.Repeat(i, 100)];
            paths.Add(await FileCache.Open(Cache, 1000).PathOfAsync(HashOf(bytes), () => Content(bytes), Cancellation));
            File.SetLastWriteTimeUtc(paths[i], now.AddHours(i - 10));
        }

        File.SetLastWriteTimeUtc(paths[0], now); // In use: perhaps by another process.
        await File.WriteAllTextAsync(Path.Combine(Cache, "left.part"), "by a killed process", Cancellation);
        File.SetLastWriteTimeUtc(Path.Combine(Cache, "left.part"), now.AddHours(-1));
        await File.WriteAllTextAsync(Path.Combine(Cache, "notes.txt"), "of somebody", Cancellation);
        byte[] more = RandomNumberGenerator.GetBytes(100);
        string added = await FileCache.Open(Cache, 350).PathOfAsync(HashOf(more), () => Content(more), Cancellation);

        Directory.GetFiles(Cache).ShouldBe([paths[0], paths[3], added, Path.Combine(Cache, "notes.txt")], ignoreOrder: true);
    }

    [Fact]
    public async Task Several_processes_may_copy_the_same_file()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(1 << 20);

        string[] paths = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Task.Run(() => FileCache.Open(Cache).PathOfAsync(HashOf(bytes), () => Content(bytes), Cancellation))));

        paths.Distinct().ShouldHaveSingleItem();
        (await File.ReadAllBytesAsync(Directory.GetFiles(Cache).ShouldHaveSingleItem(), Cancellation)).ShouldBe(bytes);
    }

    private static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static Task<Stream> Content(byte[] bytes, Action? opened = null)
    {
        opened?.Invoke();
        return Task.FromResult<Stream>(new MemoryStream(bytes));
    }
}
