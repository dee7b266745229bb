using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Storage;

public sealed class FolderStoreTests : IDisposable
{
    private static readonly StorePath Part = new(StoreArea.Data, "messages/part.parquet");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_areas_are_in_their_documented_folders()
    {
        FolderStore store = new(_folder.Path);
        foreach (StoreArea area in Enum.GetValues<StoreArea>())
            await store.CreateAsync(new StorePath(area, "a/b.json"), "{}"u8.ToArray(), Cancellation);

        File.Exists(_folder.File("a/b.json")).ShouldBeTrue();
        File.Exists(_folder.File("_state/a/b.json")).ShouldBeTrue();
        File.Exists(_folder.File("exports/a/b.json")).ShouldBeTrue();
        store.Location.ShouldBe(_folder.Path);
    }

    [Fact]
    public async Task An_abandoned_file_leaves_no_staging_file()
    {
        FolderStore store = new(_folder.Path);
        await using (StagingStream stream = await store.StageAsync(Part, "run", Cancellation))
            await stream.WriteAsync(new byte[100_000], Cancellation);

        StagingFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task Temporary_documents_of_killed_processes_are_deleted_after_a_day()
    {
        FolderStore store = new(_folder.Path);
        await store.PrepareAsync(Cancellation);
        string documents = _folder.File("_state/staging/.documents");
        await File.WriteAllTextAsync(Path.Combine(documents, "young"), "{", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(documents, "old"), "{", Cancellation);
        File.SetLastWriteTimeUtc(Path.Combine(documents, "old"), DateTime.UtcNow.AddHours(-25));

        await store.PrepareAsync(Cancellation);

        StagingFiles().ShouldBe(["young"]);
    }

    [Fact]
    public async Task Revealing_leaves_no_staging_file()
    {
        FolderStore store = new(_folder.Path);
        StagedFile revealed = await StageAsync(store, "one");
        StagedFile repeated = await StageAsync(store, "one");

        await store.RevealAsync(revealed, Cancellation);
        await store.RevealAsync(repeated, Cancellation);

        StagingFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task Discarding_a_stage_deletes_only_what_a_killed_process_left()
    {
        FolderStore store = new(_folder.Path);
        await StageAsync(store, "dead");
        StagedFile alive = await StageAsync(store, "alive");

        await store.DiscardStageAsync("dead", Cancellation);
        await store.DiscardStageAsync("never-seen", Cancellation);

        StagingFiles().ShouldBe([alive.Attempt]);
    }

    [Fact]
    public async Task Foreign_files_in_the_folder_are_not_listed()
    {
        FolderStore store = new(_folder.Path);
        await store.CreateAsync(Part, "rows"u8.ToArray(), Cancellation);
        await File.WriteAllTextAsync(_folder.File(".hidden"), "", Cancellation);
        await File.WriteAllTextAsync(_folder.File("draft "), "", Cancellation);

        List<StoredFile> files = await store.ListAsync(StoreArea.Data, "", Cancellation).ToListAsync(Cancellation);

        files.ShouldBe([new StoredFile(Part, 4)]);
    }

    [Fact]
    public async Task Deleting_the_last_file_deletes_its_folder_but_never_the_area()
    {
        FolderStore store = new(_folder.Path);
        StorePath path = new(StoreArea.Exports, "20261122T020000Z-0123abcd/messages/part.parquet");
        await store.CreateAsync(path, "rows"u8.ToArray(), Cancellation);

        await store.DeleteAsync(path, Cancellation);

        Directory.EnumerateFileSystemEntries(_folder.File("exports")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_destination_that_is_a_file_is_named()
    {
        string file = _folder.File("taken");
        await File.WriteAllTextAsync(file, "", Cancellation);

        StoreException exception = await Should.ThrowAsync<StoreException>(new FolderStore(file).PrepareAsync(Cancellation));

        exception.Message.ShouldStartWith($"{file} is a file");
    }

    [Fact]
    public async Task A_destination_below_a_file_is_refused_by_every_writing_method()
    {
        string file = _folder.File("taken");
        await File.WriteAllTextAsync(file, "", Cancellation);
        FolderStore store = new(Path.Combine(file, "archive"));

        Task[] attempts =
        [
            store.PrepareAsync(Cancellation),
            store.StageAsync(Part, "run", Cancellation),
            store.CreateAsync(Part, "rows"u8.ToArray(), Cancellation),
        ];

        foreach (Task attempt in attempts)
            (await Should.ThrowAsync<StoreException>(attempt)).Message.ShouldStartWith($"{file} is a file");
    }

    [Fact]
    public async Task A_writer_that_waits_for_another_process_can_be_cancelled()
    {
        FolderStore store = new(_folder.Path);
        await store.PrepareAsync(Cancellation);
        using FileStream other = new(_folder.File("_state/.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using CancellationTokenSource cancellation = new(TimeSpan.FromMilliseconds(50));

        await Should.ThrowAsync<OperationCanceledException>(store.CreateAsync(Part, "rows"u8.ToArray(), cancellation.Token));

        (await store.ReadAsync(Part, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public void A_full_disk_is_reported_clearly()
    {
        const int noSpaceLeft = 28;

        FolderFault.Explain(new IOException("No space left on device", noSpaceLeft), "/archive/part").Message
            .ShouldBe("There is no space left for /archive/part: free some space, or choose another folder.");
    }

    private static async Task<StagedFile> StageAsync(FolderStore store, string stage)
    {
        await using StagingStream stream = await store.StageAsync(Part, stage, Cancellation);
        await stream.WriteAsync("rows"u8.ToArray(), Cancellation);
        return await stream.CompleteAsync(Cancellation);
    }

    private IEnumerable<string?> StagingFiles() =>
        Directory.EnumerateFiles(_folder.File("_state/staging"), "*", SearchOption.AllDirectories).Select(Path.GetFileName);
}
