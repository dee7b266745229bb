using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Backups;

/// <summary>An archive cannot be continued from two places without being noticed.</summary>
public sealed class ArchivePlaceTests : IDisposable
{
    private static readonly StorePath Place = new(StoreArea.State, "place.json");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_archive_lost_and_restored_from_a_copy_two_days_old_goes_on_and_names_the_gap()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        var archive = new FolderStore(_folder.File("lake"));
        var copy = new FolderStore(_folder.File("copy"));
        for (int night = 1; night <= 3; night++)
            await world.NightAsync(archive);
        await world.BackUpAsync(archive, copy);
        string last = (await BackupWorld.RunsAsync(copy))[^1];
        await world.NightAsync(archive);
        await world.NightAsync(archive);
        Directory.Delete(_folder.File("lake"), recursive: true);

        archive = new FolderStore(_folder.File("lake"));
        await world.BackUpAsync(copy, archive);
        (await world.RestoreAsync(archive)).ShouldBe((archive.Location, last));
        Manifest first = await world.NightAsync(archive);
        Manifest second = await world.NightAsync(archive);

        (await PresentState.ArchivedAsync(archive)).ShouldBe(world.Truth);
        VerificationReport report = await world.VerifyAsync(archive);
        (report.Findings.Count, report.Remarks.Count).ShouldBe((0, 0));
        string warning = first.Warnings.ShouldHaveSingleItem();
        warning.ShouldStartWith($"The archive goes on from a copy of {archive.Location} that ends with run {last}, of 2026-11-13 02:00 UTC. ");
        second.Warnings.ShouldBeNull();
        (await world.BackUpAsync(archive, copy)).Copied.Runs.ShouldBe(2);
        await world.ShouldBeCopyAsync(copy, archive);
    }

    [Fact]
    public async Task A_gap_is_named_by_the_first_run_that_is_committed()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        var archive = new FolderStore(_folder.File("lake"));
        var copy = new FolderStore(_folder.File("copy"));
        await world.NightAsync(archive);
        await world.BackUpAsync(archive, copy);
        await world.RestoreAsync(copy);
        await using (var down = new RunHarness(new Uri("http://127.0.0.1:1/api/v1/"), copy, time: world.Time))
            await Should.ThrowAsync<Exception>(() => down.RunAsync());

        (await world.NightAsync(copy)).Warnings.ShouldHaveSingleItem().ShouldStartWith($"The archive goes on from a copy of {archive.Location}");
    }

    [Fact]
    public async Task Runs_are_refused_in_a_copy_until_it_is_taken_over()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        var archive = new FolderStore(_folder.File("lake"));
        var copy = new FolderStore(_folder.File("copy"));
        await world.NightAsync(archive);
        await world.BackUpAsync(archive, copy);
        await using RunHarness harness = world.Harness(copy);

        string said = (await Should.ThrowAsync<SettingException>(() => harness.RunAsync())).Message;
        (await Should.ThrowAsync<SettingException>(() => harness.Nightly.StartAsync("timer", Cancellation))).Message.ShouldBe(said);
        await harness.Nightly.DueAsync(isLate: false, Cancellation);
        said.ShouldContain($"{copy.Location} is a copy of {archive.Location}");
        said.ShouldContain($"`kapso-archive restore --lake {copy.Location}`");
        (await BackupWorld.RunsAsync(copy)).ShouldBe(await BackupWorld.RunsAsync(archive));

        (await world.RestoreAsync(copy)).ShouldNotBeNull();
        (await world.RestoreAsync(copy)).ShouldBeNull();
        (await world.RestoreAsync(archive)).ShouldBeNull();
        (await harness.Nightly.StartAsync("timer", Cancellation)).Outcome.ShouldBe(NightlyOutcome.Begun);
    }

    [Fact]
    public async Task A_damaged_mark_is_still_a_mark()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        var archive = new FolderStore(_folder.File("lake"));
        await world.NightAsync(archive);
        await archive.CreateAsync(new StorePath(StoreArea.State, "copy.json"), "{"u8.ToArray(), Cancellation);

        await Should.ThrowAsync<SettingException>(() => world.RunAsync(archive));
        (await world.RestoreAsync(archive)).ShouldNotBeNull();
        await world.RunAsync(archive);
    }

    [Fact]
    public async Task Two_raw_copies_that_both_go_on_are_noticed_once()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        var archive = new FolderStore(_folder.File("lake"));
        string last = (await world.NightAsync(archive)).RunId;
        CopyByOtherMeans("lake", "raw");
        var raw = new FolderStore(_folder.File("raw"));

        Manifest first = await world.NightAsync(raw);
        Manifest second = await world.NightAsync(raw);
        Manifest original = await world.NightAsync(archive);

        string warning = first.Warnings.ShouldHaveSingleItem();
        warning.ShouldBe($"The archive was last written at {archive.Location} (machine {Environment.MachineName}), by run {last}, and now at {raw.Location}. "
            + "If both go on, they part: see that only one does. After a move this is reported once.");
        (second.Warnings, original.Warnings).ShouldBe((null, null));
    }

    [Fact]
    public async Task The_nightly_run_of_a_server_notices_it_too()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        await world.NightAsync(new FolderStore(_folder.File("lake")));
        CopyByOtherMeans("lake", "raw");
        var raw = new FolderStore(_folder.File("raw"));
        await using RunHarness harness = world.Harness(raw);

        (await harness.Nightly.StartAsync("timer", Cancellation)).Outcome.ShouldBe(NightlyOutcome.Begun);
        Manifest manifest = (await world.RunAsync(raw)).RunId is { } ? (await PresentState.ManifestsAsync(raw))[1] : null!;

        manifest.Trigger.ShouldBe("timer");
        manifest.Warnings.ShouldHaveSingleItem().ShouldStartWith("The archive was last written at ");
    }

    [Fact]
    public async Task Other_names_of_the_same_place_are_silent()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        string lake = _folder.File("lake");
        await world.NightAsync(new FolderStore(lake));
        Directory.CreateSymbolicLink(_folder.File("link"), lake);

        foreach (string name in (string[])[$"{lake}/", Path.GetRelativePath(Environment.CurrentDirectory, lake), $"{lake}/../lake", _folder.File("link")])
            (await world.NightAsync(new FolderStore(name))).Warnings.ShouldBeNull(name);
    }

    [Theory]
    [InlineData("https://127.0.0.1:10000/devstoreaccount1/lake", "http://127.0.0.1:10000/devstoreaccount1/lake/", true)]
    [InlineData("https://one.blob.core.windows.net/lake", "https://one.blob.core.windows.net/lake", true)]
    [InlineData("https://one.blob.core.windows.net/lake", "https://two.blob.core.windows.net/lake", false)]
    [InlineData("https://one.blob.core.windows.net/lake", "https://one.blob.core.windows.net/lake2", false)]
    [InlineData("https://one.blob.core.windows.net/lake", "/one.blob.core.windows.net/lake", false)]
    public void Urls_are_one_place_whatever_their_scheme(string one, string other, bool same) => ArchivePlace.AreSame(one, other).ShouldBe(same);

    [Fact]
    public async Task A_machine_with_another_name_is_silent_and_a_damaged_record_is_made_anew()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        var archive = new FolderStore(_folder.File("lake"));
        await world.NightAsync(archive);
        await (new ArchivePlace(archive.Location, "the-container-of-yesterday", world.Time.GetUtcNow())).WriteAsync(archive, Cancellation);
        (await world.NightAsync(archive)).Warnings.ShouldBeNull();

        await archive.ReplaceAsync(Place, "null"u8.ToArray(), (await archive.ReadAsync(Place, Cancellation))!.ETag, Cancellation);
        (await world.NightAsync(archive)).Warnings.ShouldBeNull();
        (await ArchivePlace.CheckAsync(archive, newestRunId: null, Cancellation)).ShouldBe((null, false));
    }

    private void CopyByOtherMeans(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(_folder.File(from), "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_folder.File(to), Path.GetRelativePath(_folder.File(from), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
