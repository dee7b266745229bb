using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Backups;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kills;

namespace KapsoArchive.Tests.Backups;

/// <summary>A copy of an archive is an archive, at every moment.</summary>
public sealed class ArchiveBackupTests(AzuriteServer azurite) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_copy_is_the_archive_and_gets_only_what_is_new(bool fromBlobs, bool toBlobs)
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        IStore archive = await StoreAsync("lake", fromBlobs);
        IStore copy = await StoreAsync("copy", toBlobs);
        Manifest[] nights = [await world.NightAsync(archive), await world.NightAsync(archive)];

        BackupReport first = await world.BackUpAsync(archive, copy);
        await world.ShouldBeCopyAsync(copy, archive);
        Manifest third = await world.NightAsync(archive);
        BackupReport second = await world.BackUpAsync(archive, copy);
        await world.ShouldBeCopyAsync(copy, archive);
        BackupReport nothing = await world.BackUpAsync(archive, copy);

        first.Copied.ShouldBe(Counts(nights));
        first.Holds.ShouldBe(first.Copied);
        second.Copied.ShouldBe(Counts(third));
        second.Holds.ShouldBe(Counts([.. nights, third]));
        (second.RunId, second.FinishedAt).ShouldBe((third.RunId, third.FinishedAt));
        (nothing.Copied, nothing.Holds).ShouldBe((new BackupCounts(0, 0, 0), second.Holds));
        (first.Findings.Count, second.Findings.Count, nothing.Findings.Count).ShouldBe((0, 0, 0));
        await world.ShouldBeCopyAsync(copy, archive);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    public async Task A_backup_broken_off_at_any_call_leaves_a_sound_archive_and_goes_on(bool toBlobs, int every)
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        var archive = new FolderStore(_folder.File("lake"));
        await world.NightAsync(archive);
        var earlier = new FolderStore(_folder.File("earlier"));
        await world.BackUpAsync(archive, earlier);
        string[] before = await BackupWorld.RunsAsync(archive);
        await world.NightAsync(archive);
        await world.NightAsync(archive);
        string[] after = await BackupWorld.RunsAsync(archive);

        int calls = 0;
        int step = Samples.Count(2 * every, every);
        HashSet<int> runs = [];
        for (int at = 1; calls >= at - step; at += step)
        {
            IStore copy = await StoreAsync($"copy-{at}", toBlobs);
            await world.BackUpAsync(earlier, copy);
            calls = 0;
            var dying = new ObservedStore(copy, call =>
            {
                calls = call;
                if (call >= at)
                    throw new DeathException();
            });
            bool isBrokenOff = await IsBrokenOffAsync(() => world.BackUpAsync(archive, dying));

            VerificationReport report = await world.VerifyAsync(copy);
            report.Findings.ShouldBeEmpty($"broken off at call {at}");
            string[] held = await BackupWorld.RunsAsync(copy);
            held.ShouldBe(after[..held.Length], $"broken off at call {at}");
            held.Length.ShouldBeInRange(isBrokenOff ? before.Length : after.Length, after.Length);
            runs.Add(held.Length);

            await world.BackUpAsync(archive, copy);
            await world.ShouldBeCopyAsync(copy, archive, $"gone on with after call {at}");
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"broken off at {calls} calls");
        calls.ShouldBeGreaterThan(30);
        runs.ShouldBe([1, 2, 3], ignoreOrder: true);
    }

    [Fact]
    public async Task A_copy_broken_off_goes_on_as_an_archive_by_itself()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        var archive = new FolderStore(_folder.File("lake"));
        await world.NightAsync(archive);
        var earlier = new FolderStore(_folder.File("earlier"));
        await world.BackUpAsync(archive, earlier);
        await world.NightAsync(archive);

        int calls = 0;
        for (int at = 1; calls >= at - 7; at += 7)
        {
            var copy = new FolderStore(_folder.File($"copy-{at}"));
            await world.BackUpAsync(earlier, copy);
            calls = 0;
            await IsBrokenOffAsync(() => world.BackUpAsync(archive, new ObservedStore(copy, call =>
            {
                calls = call;
                if (call >= at)
                    throw new DeathException();
            })));
            var restored = new FolderStore(_folder.File($"restored-{at}"));
            await world.BackUpAsync(copy, restored);
            (await world.RestoreAsync(restored)).ShouldNotBeNull().Of.ShouldBe(archive.Location);

            await world.RunAsync(restored);

            VerificationReport report = await world.VerifyAsync(restored);
            (report.Findings.Count, report.Remarks.Count).ShouldBe((0, 0), $"broken off at call {at}");
            (await Runs.PresentState.ArchivedAsync(restored)).ShouldBe(world.Truth);
        }
    }

    [Fact]
    public async Task A_run_beside_a_backup_disturbs_neither()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        var archive = new FolderStore(_folder.File("lake"));
        await world.NightAsync(archive);
        await world.NightAsync(archive);

        var copy = new FolderStore(_folder.File("copy"));
        int calls = 0;
        for (int at = 1; calls >= at - 3; at += 3) // Each run adds one manifest, and so one call.
        {
            calls = 0;
            int runAt = at;
            var watched = new ObservedStore(archive, call =>
            {
                if ((calls = call) == runAt)
                    Task.Run(() => world.NightAsync(archive), Cancellation).GetAwaiter().GetResult();
            });

            BackupReport report = await world.BackUpAsync(watched, copy);

            report.Findings.ShouldBeEmpty($"a run at call {at}");
            VerificationReport sound = await world.VerifyAsync(copy);
            (sound.Findings.Count, sound.Remarks.Count).ShouldBe((0, 0), $"a run at call {at}: {string.Join(' ', sound.Findings)} {string.Join(' ', sound.Remarks)}");
            await world.BackUpAsync(archive, copy);
            await world.ShouldBeCopyAsync(copy, archive, $"after a run at call {at}");
        }

        calls.ShouldBeGreaterThan(10);
        (await world.VerifyAsync(archive)).Sound.ShouldBeTrue();
    }

    [Fact]
    public async Task A_backup_with_nothing_to_copy_costs_the_copy_the_same_however_long_the_archive_is()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        var archive = new FolderStore(_folder.File("lake"));
        var copy = new FolderStore(_folder.File("copy"));
        List<int> calls = [];
        for (int night = 1; night <= 5; night++)
        {
            await world.NightAsync(archive);
            await world.BackUpAsync(archive, copy);
            calls.Add(0);
            await world.BackUpAsync(archive, new ObservedStore(copy, call => calls[^1] = call));
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"calls of the copy: {string.Join(", ", calls)}");
        calls[1..].Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Damage_is_named_and_the_rest_is_copied()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        var archive = new FolderStore(_folder.File("lake"));
        Manifest first = await world.NightAsync(archive);
        Manifest second = await world.NightAsync(archive);
        Manifest third = await world.NightAsync(archive);
        string part = Path.Combine(_folder.File("lake"), first.Files[0].Path);
        string lost = Path.Combine(_folder.File("lake"), third.Files[0].Path);
        string manifest = Path.Combine(_folder.File("lake"), Layout.Manifest(second.RunId));
        byte[][] whole = [.. new[] { part, lost, manifest }.Select(File.ReadAllBytes)];
        await File.WriteAllBytesAsync(part, [.. whole[0][..^1], (byte)~whole[0][^1]], Cancellation);
        File.Delete(lost);
        await File.WriteAllBytesAsync(manifest, [.. whole[2], (byte)' '], Cancellation); // Still the same document, but not the same bytes.
        var copy = new FolderStore(_folder.File("copy"));

        BackupReport damaged = await world.BackUpAsync(archive, copy);
        (await BackupWorld.RunsAsync(copy)).ShouldBe([first.RunId, third.RunId]);
        foreach ((string path, byte[] bytes) in new[] { part, lost, manifest }.Zip(whole))
            await File.WriteAllBytesAsync(path, bytes, Cancellation);
        BackupReport repaired = await world.BackUpAsync(archive, copy);

        damaged.Findings.Select(f => f.Path).ShouldBe([first.Files[0].Path, Layout.Manifest(second.RunId), third.Files[0].Path], ignoreOrder: true);
        damaged.Copied.ShouldBe(new BackupCounts(2, first.Files.Count + third.Files.Count - 2, first.Files.Concat(third.Files).Sum(f => f.Bytes) - first.Files[0].Bytes - third.Files[0].Bytes));
        repaired.Findings.ShouldBeEmpty();
        repaired.Copied.Files.ShouldBe(second.Files.Count + 2);
        await world.ShouldBeCopyAsync(copy, archive);
    }

    [Fact]
    public async Task Only_a_copy_of_this_archive_that_nobody_continued_is_taken_as_target()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        var archive = new FolderStore(_folder.File("lake"));
        await world.NightAsync(archive);
        var copy = new FolderStore(_folder.File("copy"));
        var older = new FolderStore(_folder.File("older"));
        var other = new FolderStore(_folder.File("other"));
        await world.BackUpAsync(archive, older);
        await world.NightAsync(archive);
        await world.BackUpAsync(archive, copy);
        string newest = (await world.NightAsync(other)).RunId;

        await RefusesAsync(archive, other, newest);
        await RefusesAsync(archive, archive, "lie within each other");
        await RefusesAsync(archive, new FolderStore(_folder.File("lake/within")), "lie within each other");
        await RefusesAsync(archive, new FolderStore(_folder.Path), "lie within each other");
        await RefusesAsync(new FolderStore(_folder.File("nothing")), copy, "There is no archive at");

        await world.RestoreAsync(older);
        string parted = (await world.NightAsync(older)).RunId;
        await RefusesAsync(archive, older, parted);
        await RefusesAsync(older, copy, (await BackupWorld.RunsAsync(archive))[1]);
        await world.RestoreAsync(copy);
        await RefusesAsync(archive, copy, "is not empty, and not a copy that `backup` made");

        async Task RefusesAsync(IStore source, IStore target, string said) =>
            (await Should.ThrowAsync<SettingException>(() => world.BackUpAsync(source, target))).Message.ShouldContain(said);
    }

    [Fact]
    public async Task Two_containers_of_one_archive_are_not_source_and_copy()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        string connection = await azurite.ConnectionStringAsync(Cancellation);
        string name = azurite.NewContainerName();
        IStore archive = BlobStore.FromConnectionString(connection, name, world.Time);
        await world.NightAsync(archive);

        (await Should.ThrowAsync<SettingException>(() => world.BackUpAsync(archive, BlobStore.FromConnectionString(connection, $"{name}-state")))).Message.ShouldContain("lie within each other");
    }

    [Fact]
    public async Task The_markers_of_the_nights_and_accepted_faults_come_along()
    {
        await using BackupWorld world = await BackupWorld.StartAsync();
        var archive = new FolderStore(_folder.File("lake"));
        var copy = new FolderStore(_folder.File("copy"));
        string run = (await world.NightAsync(archive)).RunId;
        StorePath[] paths = [new(StoreArea.State, $"nights/{run}"), new(StoreArea.State, "accepted-links.json"), new(StoreArea.State, "nights/of-another-archive")];
        foreach (StorePath path in paths)
            await archive.CreateAsync(path, """{"links":[]}"""u8.ToArray(), Cancellation);

        await world.BackUpAsync(archive, copy);

        StoredDocument?[] copied = [.. await Task.WhenAll(paths.Select(path => copy.ReadAsync(path, Cancellation)))];
        copied.Select(document => document is not null).ShouldBe([true, true, false]);
        await world.ShouldBeCopyAsync(copy, archive);
    }

    private static BackupCounts Counts(params Manifest[] manifests) =>
        new(manifests.Length, manifests.Sum(m => m.Files.Count), manifests.Sum(m => m.Files.Sum(f => f.Bytes)));

    private static async Task<bool> IsBrokenOffAsync(Func<Task> work)
    {
        try
        {
            await work();
            return false;
        }
        catch (DeathException)
        {
            return true;
        }
    }

    private async Task<IStore> StoreAsync(string name, bool isBlob) =>
        isBlob ? BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName()) : new FolderStore(_folder.File(name));
}
