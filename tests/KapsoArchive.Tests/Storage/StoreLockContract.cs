using System.Text;
using KapsoArchive.Core.Storage;
using KapsoArchive.Tests.Kapso;

namespace KapsoArchive.Tests.Storage;

/// <summary>What the lock of every store promises.</summary>
public abstract class StoreLockContract : IAsyncLifetime
{
    internal static readonly StorePath Lock = new(StoreArea.State, "lock");

    private const string Purpose = "run 20261122T020000Z-0123abcd";

    private static readonly StorePath Latest = new(StoreArea.State, "latest.json");

    private IStore? _store;

    private protected WaitingClock Clock { get; } = new(attemptTimeout: TimeSpan.Zero);

    private protected IStore Store => _store ?? throw new InvalidOperationException("The test has not begun.");

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>How long a lock holds without being renewed.</summary>
    private protected abstract TimeSpan Term { get; }

    /// <summary>A store at this test's place; each call gives a new instance, as another process would have.</summary>
    protected abstract Task<IStore> OpenAsync(TimeProvider? clock, CancellationToken cancellationToken);

    /// <summary>Leaves the lock as a holder that has this content and does not renew it.</summary>
    protected abstract Task HoldAsync(byte[] content, CancellationToken cancellationToken);

    /// <summary>Takes the lock from its holder, as another machine does that thinks him dead.</summary>
    protected abstract Task TakeAwayAsync(CancellationToken cancellationToken);

    /// <summary>Makes every renewal fail, or work again.</summary>
    protected abstract void SetOutOfOrder(bool isOutOfOrder);

    /// <summary>The settings that tell the program where this test's store is.</summary>
    protected abstract Task<IReadOnlyDictionary<string, string>> PlaceAsync(CancellationToken cancellationToken);

    protected abstract void Dispose();

    public async ValueTask InitializeAsync()
    {
        _store = await OpenAsync(Clock, Cancellation);
        await _store.PrepareAsync(Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_second_caller_learns_the_lock_holder()
    {
        await using StoreLock held = await Store.LockAsync(Lock, Purpose, Cancellation);

        StoreLockedException exception = await Should.ThrowAsync<StoreLockedException>(TakeAsync());

        exception.Holder.ShouldBe(held.Holder);
        exception.Message.ShouldBe($"{Store.Location} is in use by {Environment.MachineName}, process {Environment.ProcessId}, since 2026-11-22 00:00:00 UTC ({Purpose}). "
            + $"Wait until it ends; if it died, the lock expires within {Term.TotalSeconds} seconds.");
        held.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_released_lock_is_free_and_releasing_it_twice_is_harmless()
    {
        StoreLock first = await Store.LockAsync(Lock, Purpose, Cancellation);
        await first.DisposeAsync();
        await using StoreLock second = await Store.LockAsync(Lock, Purpose, Cancellation);
        await first.DisposeAsync();

        await Should.ThrowAsync<StoreLockedException>(TakeAsync());
        first.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Exactly_one_of_many_concurrent_callers_gets_the_lock()
    {
        for (int round = 0; round < 5; round++)
        {
            StoreLock?[] locks = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(TryTakeAsync, Cancellation)));

            locks.Count(one => one is not null).ShouldBe(1);
            await locks.Single(one => one is not null)!.DisposeAsync();
        }
    }

    [Fact]
    public async Task Reading_the_lock_returns_the_holder_and_takes_nothing()
    {
        (await Store.ReadLockAsync(Lock, Cancellation)).ShouldBeNull();
        await using (StoreLock held = await Store.LockAsync(Lock, Purpose, Cancellation))
            (await Store.ReadLockAsync(Lock, Cancellation)).ShouldBe(held.Holder);
        (await Store.ReadLockAsync(Lock, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task The_rest_of_the_store_works_while_it_is_locked()
    {
        await using StoreLock held = await Store.LockAsync(Lock, Purpose, Cancellation);
        string etag = await Store.ReplaceAsync(Latest, "{}"u8.ToArray(), etag: null, Cancellation);

        await Store.ReplaceAsync(Latest, "[]"u8.ToArray(), etag, Cancellation);
    }

    [Theory]
    [InlineData(StoreArea.Data)]
    [InlineData(StoreArea.Exports)]
    public async Task A_lock_is_in_the_state_area(StoreArea area)
    {
        await Should.ThrowAsync<ArgumentException>(async () => await Store.LockAsync(new StorePath(area, "lock"), Purpose, Cancellation));
        await Should.ThrowAsync<ArgumentException>(async () => await Store.ReadLockAsync(new StorePath(area, "lock"), Cancellation));
    }

    [Fact]
    public async Task A_lock_is_held_as_long_as_it_is_renewed()
    {
        await using StoreLock held = await Store.LockAsync(Lock, Purpose, Cancellation);
        await PauseAsync(Term / 3);
        for (int renewal = 0; renewal < 10; renewal++)
        {
            Clock.Advance(Term / 3);
            await RenewedAsync();
        }

        held.Lost.IsCancellationRequested.ShouldBeFalse();
        await Should.ThrowAsync<StoreLockedException>(TakeAsync());
    }

    [Fact]
    public async Task A_failed_renewal_is_retried()
    {
        await using StoreLock held = await Store.LockAsync(Lock, Purpose, Cancellation);
        await PauseAsync(Term / 3);
        SetOutOfOrder(true);
        Clock.Advance(Term / 3);
        await PauseAsync(Term / 30);
        SetOutOfOrder(false);
        Clock.Advance(Term / 30);
        await RenewedAsync();
        Clock.Advance(Term / 3);
        await RenewedAsync();

        held.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_lock_without_renewal_is_lost_only_at_the_end_of_its_term()
    {
        await using StoreLock held = await Store.LockAsync(Lock, Purpose, Cancellation);
        SetOutOfOrder(true);

        Clock.Advance(Term - TimeSpan.FromTicks(1));
        held.Lost.IsCancellationRequested.ShouldBeFalse();
        Clock.Advance(TimeSpan.FromTicks(1));
        held.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task A_holder_learns_at_its_next_renewal_that_its_lock_was_taken()
    {
        await using StoreLock held = await Store.LockAsync(Lock, Purpose, Cancellation);
        await PauseAsync(Term / 3);
        await TakeAwayAsync(Cancellation);

        Clock.Advance(Term / 3);

        await Should.ThrowAsync<OperationCanceledException>(Task.Delay(Timeout.InfiniteTimeSpan, held.Lost).WaitAsync(Cancellation));
    }

    [Fact]
    public async Task A_holder_proven_dead_is_replaced_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what proves it.");
        LockHolder alive = LockHolder.Current(Purpose, Clock);
        LockHolder[] dead = [alive with { ProcessId = int.MaxValue }, alive with { ProcessStart = alive.ProcessStart - 1 }];
        foreach (LockHolder holder in dead)
        {
            await HoldAsync(Document(holder), Cancellation);
            await using StoreLock held = await Store.LockAsync(Lock, Purpose, Cancellation);
            held.Holder.ShouldBe(alive);
        }
    }

    [Fact]
    public async Task A_holder_not_proven_dead_is_respected()
    {
        LockHolder dead = LockHolder.Current(Purpose, Clock) with { ProcessId = int.MaxValue };
        LockHolder[] doubtful =
        [
            LockHolder.Current(Purpose, Clock),
            dead with { KernelBoot = Guid.NewGuid().ToString() },
            dead with { KernelBoot = null },
            dead with { PidNamespace = "pid:[1]" },
            dead with { PidNamespace = null },
            dead with { ProcessStart = null },
            dead with { Host = "another" },
        ];
        foreach (LockHolder holder in doubtful)
        {
            await HoldAsync(Document(holder), Cancellation);
            (await Should.ThrowAsync<StoreLockedException>(TakeAsync())).Holder.ShouldBe(holder);
            (await Store.ReadLockAsync(Lock, Cancellation)).ShouldBe(holder);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"holder\": {\"host\": ")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"holder\": null, \"claim\": \"a\", \"renewed_at\": \"2026-11-22T00:00:00+00:00\"}")]
    public async Task A_damaged_lock_is_described_in_a_sentence(string content)
    {
        await HoldAsync(Encoding.UTF8.GetBytes(content), Cancellation);

        StoreLockedException exception = await Should.ThrowAsync<StoreLockedException>(TakeAsync());

        exception.Holder.ShouldBe(LockHolder.Unknown);
        exception.Message.ShouldStartWith($"{Store.Location} is in use by an unknown process: what it wrote about itself is damaged, or not written yet. Wait");
        (await Store.ReadLockAsync(Lock, Cancellation)).ShouldBe(LockHolder.Unknown);
    }

    [Fact]
    public async Task The_lock_of_a_killed_process_is_free_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what proves its death.");
        IStore store = await OpenAsync(clock: null, Cancellation);
        await using LockHoldingProcess process = await LockHoldingProcess.StartAsync(await PlaceAsync(Cancellation), Cancellation);
        LockHolder holder = await process.HolderAsync(store, Cancellation);
        (await Should.ThrowAsync<StoreLockedException>(async () => await store.LockAsync(Lock, Purpose, Cancellation))).Holder.ShouldBe(holder);

        await process.KillAsync(Cancellation);

        await using StoreLock held = await store.LockAsync(Lock, Purpose, Cancellation);
        held.Holder.ProcessId.ShouldBe(Environment.ProcessId);
        holder.ProcessId.ShouldBe(process.Id);
        holder.Purpose.ShouldBe("an archive run started by cli");
    }

    private protected static byte[] Document(LockHolder holder, DateTimeOffset? renewedAt = null) =>
        new LockDocument(holder, Guid.NewGuid().ToString("N"), renewedAt ?? holder.Since).ToJson();

    /// <summary>Takes the lock from a store of its own, as another process does.</summary>
    private protected async Task<StoreLock> TakeAsync() => await (await OpenAsync(Clock, Cancellation)).LockAsync(Lock, "another", Cancellation);

    private async Task<StoreLock?> TryTakeAsync()
    {
        try
        {
            return await TakeAsync();
        }
        catch (StoreLockedException)
        {
            return null;
        }
    }

    /// <summary>Waits until the holder has renewed the lock and pauses.</summary>
    private async Task RenewedAsync()
    {
        await PauseAsync(Term);
        await PauseAsync(Term / 3);
    }

    private async Task PauseAsync(TimeSpan length)
    {
        while (await Clock.NextWaitAsync(Cancellation) != length)
        {
        }
    }
}
