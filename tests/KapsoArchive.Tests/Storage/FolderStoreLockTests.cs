using System.Text;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Storage;

public sealed class FolderStoreLockTests : StoreLockContract
{
    private readonly TemporaryFolder _folder = new();

    private protected override TimeSpan Term => FolderLocking.Term;

    private string LockFile => _folder.File("_state/lock");

    private string Guard => _folder.File("_state/.lock.held");

    private string Temporary => _folder.File("_state/staging/.documents");

    [Fact]
    public async Task A_holder_on_another_machine_is_respected_while_it_renews()
    {
        LockHolder holder = Elsewhere();
        await File.WriteAllBytesAsync(LockFile, Document(holder), Cancellation);

        Clock.Advance(Term);
        (await Should.ThrowAsync<StoreLockedException>(TakeAsync())).Holder.ShouldBe(holder);
        (await Store.ReadLockAsync(Lock, Cancellation)).ShouldBe(holder);

        Clock.Advance(TimeSpan.FromTicks(1));
        (await Store.ReadLockAsync(Lock, Cancellation)).ShouldBeNull();
        await using StoreLock held = await TakeAsync();
        (await Store.ReadLockAsync(Lock, Cancellation)).ShouldBe(held.Holder);
    }

    [Fact]
    public async Task A_damaged_lock_counts_from_its_write_time()
    {
        await File.WriteAllTextAsync(LockFile, "damaged", Cancellation);
        File.SetLastWriteTimeUtc(LockFile, Clock.GetUtcNow().UtcDateTime);
        await Should.ThrowAsync<StoreLockedException>(TakeAsync());

        Clock.Advance(Term + TimeSpan.FromSeconds(1));

        await using StoreLock held = await TakeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"holder\": {\"host\": ")]
    public async Task A_holder_that_died_while_signing_is_replaced_at_once(string content)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what proves a death.");
        await HoldAsync(Encoding.UTF8.GetBytes(content), Cancellation);
        await File.WriteAllBytesAsync(Guard, Document(LockHolder.Current("dead", Clock) with { ProcessId = int.MaxValue }), Cancellation);

        await using StoreLock held = await TakeAsync();

        (await Store.ReadLockAsync(Lock, Cancellation)).ShouldBe(held.Holder);
    }

    [Fact]
    public async Task A_holder_that_has_not_signed_is_respected_while_it_may_live()
    {
        foreach (LockHolder announced in (LockHolder[])[Elsewhere(), LockHolder.Current("alive", Clock)])
        {
            await HoldAsync([], Cancellation);
            await File.WriteAllBytesAsync(Guard, Document(announced), Cancellation);

            (await Should.ThrowAsync<StoreLockedException>(TakeAsync())).Holder.ShouldBe(LockHolder.Unknown);
        }
    }

    [Fact]
    public async Task The_next_holder_of_a_lock_announces_itself_first()
    {
        for (int i = 0; i < 2; i++)
        {
            StoreLock held = await Store.LockAsync(Lock, new string('x', 100 - (50 * i)), Cancellation);
            await held.DisposeAsync();

            LockDocument.Parse(await File.ReadAllBytesAsync(Guard, Cancellation), default).Holder.ShouldBe(held.Holder);
        }
    }

    [Fact]
    public async Task A_holder_with_a_future_clock_keeps_the_lock_for_one_term()
    {
        LockHolder holder = Elsewhere();
        await HoldAsync(Document(holder, renewedAt: Clock.GetUtcNow().AddYears(1)), Cancellation);
        (await Should.ThrowAsync<StoreLockedException>(TakeAsync())).Holder.ShouldBe(holder);

        Clock.Advance(Term + TimeSpan.FromSeconds(1));

        await using StoreLock held = await TakeAsync();
    }

    [Fact]
    public async Task Releasing_a_lock_that_another_machine_took_leaves_it_there()
    {
        StoreLock held = await Store.LockAsync(Lock, "first", Cancellation);
        LockHolder other = Elsewhere();
        await File.WriteAllBytesAsync(LockFile, Document(other), Cancellation);

        await held.DisposeAsync();

        (await Store.ReadLockAsync(Lock, Cancellation)).ShouldBe(other);
    }

    [Fact]
    public async Task The_guard_of_a_lock_is_not_listed_and_nothing_else_remains()
    {
        await using (StoreLock held = await Store.LockAsync(Lock, "first", Cancellation))
            (await NamesAsync()).ShouldBe(["lock"]);
        (await NamesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lock_below_a_file_is_refused_with_a_message()
    {
        await File.WriteAllTextAsync(_folder.File("taken"), "", Cancellation);
        FolderStore store = new(_folder.File("taken/archive"));

        (await Should.ThrowAsync<StoreException>(async () => await store.LockAsync(Lock, "first", Cancellation))).Message.ShouldContain("taken is a file");
    }

    protected override Task<IStore> OpenAsync(TimeProvider? clock, CancellationToken cancellationToken) =>
        Task.FromResult<IStore>(new FolderStore(_folder.Path, clock));

    protected override async Task HoldAsync(byte[] content, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(LockFile, content, cancellationToken);
        File.SetLastWriteTimeUtc(LockFile, Clock.GetUtcNow().UtcDateTime);
    }

    protected override Task TakeAwayAsync(CancellationToken cancellationToken) =>
        File.WriteAllBytesAsync(LockFile, Document(Elsewhere()), cancellationToken);

    // Where a file lies in place of the folder, none can be written below it.
    protected override void SetOutOfOrder(bool isOutOfOrder)
    {
        if (isOutOfOrder)
        {
            Directory.Delete(Temporary, recursive: true);
            File.WriteAllText(Temporary, "");
        }
        else
        {
            File.Delete(Temporary);
        }
    }

    protected override Task<IReadOnlyDictionary<string, string>> PlaceAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string> { ["Archive__Destination"] = _folder.Path });

    protected override void Dispose() => _folder.Dispose();

    private LockHolder Elsewhere() => new("another", 123, Clock.GetUtcNow(), "run elsewhere");

    private async Task<List<string>> NamesAsync() =>
        (await Store.ListAsync(StoreArea.State, "", Cancellation).ToListAsync(Cancellation)).ConvertAll(file => file.Path.Name);
}
