using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Storage;

/// <summary>What every store promises.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private const string Stage = "20261122T020000Z-0123abcd";

    private static readonly StorePath Part = new(StoreArea.Data, "messages/snapshot_date=2026-11-22/part-00000.parquet");
    private static readonly StorePath Latest = new(StoreArea.State, "latest.json");

    private IStore? _store;

    private IStore Store => _store ?? throw new InvalidOperationException("The test has not begun.");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A store at this test's place; each call gives a new instance, as another process would have.</summary>
    protected abstract Task<IStore> OpenAsync(CancellationToken cancellationToken);

    protected abstract void Dispose();

    public async ValueTask InitializeAsync()
    {
        _store = await OpenAsync(Cancellation);
        await _store.PrepareAsync(Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Preparing_twice_leaves_nothing_visible()
    {
        await Store.PrepareAsync(Cancellation);

        foreach (StoreArea area in Enum.GetValues<StoreArea>())
            (await NamesAsync(area)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_visible_before_it_is_revealed()
    {
        await StageAsync(Part, "rows");

        (await Store.ReadAsync(Part, Cancellation)).ShouldBeNull();
        (await Store.OpenReadAsync(Part, Cancellation)).ShouldBeNull();
        foreach (StoreArea area in Enum.GetValues<StoreArea>())
            (await NamesAsync(area)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8 * 1024 * 1024)]
    [InlineData(20_000_001)]
    public async Task A_revealed_file_holds_exactly_the_bytes_written(int length)
    {
        byte[] content = RandomBytes(length);

        StagedFile staged = await StageAsync(Part, content);
        await Store.RevealAsync(staged, Cancellation);

        staged.Length.ShouldBe(length);
        staged.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(content)));
        (await ReadAsync(Part)).AsSpan().SequenceEqual(content).ShouldBeTrue();
        (await ListAsync(StoreArea.Data)).ShouldBe([new StoredFile(Part, length)]);
    }

    [Fact]
    public async Task Bytes_can_be_written_in_any_pieces_and_flushing_changes_nothing()
    {
        await using StagingStream stream = await Store.StageAsync(Part, Stage, Cancellation);
        stream.WriteByte((byte)'a');
        stream.Flush();
        stream.Write("bc"u8);
        await stream.FlushAsync(Cancellation);
        await stream.WriteAsync("def"u8.ToArray(), Cancellation);
        stream.Position.ShouldBe(6);
        await Store.RevealAsync(await stream.CompleteAsync(Cancellation), Cancellation);

        Encoding.UTF8.GetString(await ReadAsync(Part)).ShouldBe("abcdef");
    }

    [Fact]
    public async Task Large_pieces_written_without_await_arrive_complete()
    {
        byte[] content = RandomBytes(18_000_000);
        await using StagingStream stream = await Store.StageAsync(Part, Stage, Cancellation);
        WriteSynchronously(stream, content);
        await Store.RevealAsync(await stream.CompleteAsync(Cancellation), Cancellation);

        (await ReadAsync(Part)).AsSpan().SequenceEqual(content).ShouldBeTrue();
    }

    [Fact]
    public async Task Revealing_twice_is_revealing_once()
    {
        StagedFile staged = await StageAsync(Part, "rows");

        await Store.RevealAsync(staged, Cancellation);
        await Store.RevealAsync(staged, Cancellation);

        (await NamesAsync(StoreArea.Data)).ShouldBe([Part.Name]);
    }

    [Fact]
    public async Task The_same_content_staged_twice_is_revealed_once()
    {
        StagedFile first = await StageAsync(Part, "rows");
        StagedFile second = await StageAsync(Part, "rows");

        await Store.RevealAsync(first, Cancellation);
        await Store.RevealAsync(second, Cancellation);

        Encoding.UTF8.GetString(await ReadAsync(Part)).ShouldBe("rows");
    }

    [Fact]
    public async Task Revealing_never_overwrites_another_file()
    {
        StagedFile first = await StageAsync(Part, "first");
        StagedFile second = await StageAsync(Part, "other");
        await Store.RevealAsync(first, Cancellation);

        await Should.ThrowAsync<StoreConflictException>(Store.RevealAsync(second, Cancellation));

        Encoding.UTF8.GetString(await ReadAsync(Part)).ShouldBe("first");
    }

    [Fact]
    public async Task A_staged_file_does_not_replace_a_visible_one()
    {
        await Store.RevealAsync(await StageAsync(Part, "first"), Cancellation);
        StagedFile second = await StageAsync(Part, "other");

        await Should.ThrowAsync<StoreConflictException>(Store.RevealAsync(second, Cancellation));

        Encoding.UTF8.GetString(await ReadAsync(Part)).ShouldBe("first");
    }

    [Fact]
    public async Task Exactly_one_of_many_concurrent_reveals_wins()
    {
        for (int round = 0; round < 10; round++)
        {
            StorePath path = new(StoreArea.Data, $"messages/{round}.parquet");
            StagedFile[] staged = await Task.WhenAll(Enumerable.Range(0, 10).Select(index => StageAsync(path, $"content {index}")));

            bool[] won = await Task.WhenAll(staged.Select(file => WinsAsync(store => store.RevealAsync(file, Cancellation))));

            won.Count(one => one).ShouldBe(1);
            Encoding.UTF8.GetString(await ReadAsync(path)).ShouldBe($"content {Array.IndexOf(won, true)}");
        }
    }

    [Fact]
    public async Task A_journalled_file_is_revealed_by_another_process()
    {
        string journal = JsonSerializer.Serialize(await StageAsync(Part, "rows"));

        IStore another = await OpenAsync(Cancellation);
        await another.RevealAsync(JsonSerializer.Deserialize<StagedFile>(journal)!, Cancellation);

        Encoding.UTF8.GetString(await ReadAsync(Part)).ShouldBe("rows");
    }

    [Fact]
    public async Task An_abandoned_file_never_becomes_visible()
    {
        await using (StagingStream stream = await Store.StageAsync(Part, Stage, Cancellation))
            await stream.WriteAsync(RandomBytes(9_000_000), Cancellation);

        (await NamesAsync(StoreArea.Data)).ShouldBeEmpty();
        (await Store.ReadAsync(Part, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_completed_stream_takes_no_more_bytes()
    {
        await using StagingStream stream = await Store.StageAsync(Part, Stage, Cancellation);
        await stream.CompleteAsync(Cancellation);

        stream.CanWrite.ShouldBeFalse();
        await Should.ThrowAsync<InvalidOperationException>(async () => await stream.WriteAsync(new byte[1], Cancellation));
        await Should.ThrowAsync<InvalidOperationException>(stream.CompleteAsync(Cancellation));
    }

    [Fact]
    public async Task A_stream_with_a_hole_cannot_be_completed()
    {
        await using StagingStream stream = await Store.StageAsync(Part, Stage, Cancellation);
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await stream.WriteAsync(RandomBytes(9_000_000), new CancellationToken(canceled: true)));

        await Should.ThrowAsync<OperationCanceledException>(stream.CompleteAsync(Cancellation));
    }

    [Fact]
    public async Task Files_staged_elsewhere_are_reported_as_lost()
    {
        StagedFile unknown = new(Part, Stage, Guid.NewGuid().ToString("N"), Blocks: 1, Length: 4, new string('0', 64));

        await Should.ThrowAsync<StagedFileLostException>(Store.RevealAsync(unknown, Cancellation));
    }

    [Fact]
    public async Task A_document_is_created_once()
    {
        await Store.CreateAsync(Latest, "one"u8.ToArray(), Cancellation);

        await Should.ThrowAsync<StoreConflictException>(Store.CreateAsync(Latest, "two"u8.ToArray(), Cancellation));

        Encoding.UTF8.GetString(await ReadAsync(Latest)).ShouldBe("one");
    }

    [Fact]
    public async Task A_document_is_replaced_only_if_it_is_unchanged()
    {
        string first = await Store.ReplaceAsync(Latest, "one"u8.ToArray(), etag: null, Cancellation);
        (await Store.ReadAsync(Latest, Cancellation))!.ETag.ShouldBe(first);
        string second = await Store.ReplaceAsync(Latest, "two"u8.ToArray(), first, Cancellation);

        await Should.ThrowAsync<StoreConflictException>(Store.ReplaceAsync(Latest, "three"u8.ToArray(), first, Cancellation));
        await Should.ThrowAsync<StoreConflictException>(Store.ReplaceAsync(Latest, "three"u8.ToArray(), etag: null, Cancellation));

        StoredDocument document = (await Store.ReadAsync(Latest, Cancellation))!;
        Encoding.UTF8.GetString(document.Content.Span).ShouldBe("two");
        document.ETag.ShouldBe(second);
    }

    [Fact]
    public async Task Replacing_a_missing_document_is_a_conflict()
    {
        string etag = await Store.ReplaceAsync(Latest, "one"u8.ToArray(), etag: null, Cancellation);
        StorePath absent = new(StoreArea.State, "runs/absent.json");

        await Should.ThrowAsync<StoreConflictException>(Store.ReplaceAsync(absent, "two"u8.ToArray(), etag, Cancellation));
    }

    [Fact]
    public async Task Exactly_one_of_twenty_concurrent_writers_wins_each_round()
    {
        string? etag = null;
        for (int round = 0; round < 5; round++)
        {
            bool[] won = await Task.WhenAll(Enumerable.Range(0, 20).Select(writer => WinsAsync(store =>
                store.ReplaceAsync(Latest, Encoding.UTF8.GetBytes($"{round}/{writer}"), etag, Cancellation))));

            won.Count(one => one).ShouldBe(1);
            StoredDocument document = (await Store.ReadAsync(Latest, Cancellation))!;
            Encoding.UTF8.GetString(document.Content.Span).ShouldBe($"{round}/{Array.IndexOf(won, true)}");
            etag = document.ETag;
        }
    }

    [Theory]
    [InlineData(StoreArea.State)]
    [InlineData(StoreArea.Exports)]
    public async Task A_deleted_document_is_gone_and_deleting_a_missing_one_does_nothing(StoreArea area)
    {
        StorePath path = new(area, "20261122T020000Z-0123abcd/messages/part.parquet");
        StorePath neighbour = new(area, "20261122T020000Z-0123abcd/manifest.json");
        await Store.CreateAsync(neighbour, "{}"u8.ToArray(), Cancellation);
        await Store.DeleteAsync(path, Cancellation);
        await Store.CreateAsync(path, "rows"u8.ToArray(), Cancellation);

        await Store.DeleteAsync(path, Cancellation);
        await Store.DeleteAsync(path, Cancellation);

        (await Store.ReadAsync(path, Cancellation)).ShouldBeNull();
        (await NamesAsync(area)).ShouldBe([neighbour.Name]);
        await Store.CreateAsync(path, "again"u8.ToArray(), Cancellation);
        Encoding.UTF8.GetString(await ReadAsync(path)).ShouldBe("again");
    }

    [Fact]
    public async Task Nothing_of_the_data_area_is_deleted()
    {
        await Store.CreateAsync(Part, "rows"u8.ToArray(), Cancellation);

        await Should.ThrowAsync<ArgumentException>(async () => await Store.DeleteAsync(Part, Cancellation));

        Encoding.UTF8.GetString(await ReadAsync(Part)).ShouldBe("rows");
    }

    [Fact]
    public async Task A_listing_is_in_ordinal_order_and_keeps_to_prefix_and_area()
    {
        string[] names = ["a/b/2.json", "a-b.json", "a/B.json", "a/b.json", "b.json", "a/b/10.json"];
        foreach (string name in names)
            await Store.CreateAsync(new StorePath(StoreArea.Data, name), "{}"u8.ToArray(), Cancellation);
        await Store.CreateAsync(new StorePath(StoreArea.State, "a/state.json"), "{}"u8.ToArray(), Cancellation);
        await Store.CreateAsync(new StorePath(StoreArea.Exports, "a/export.json"), "{}"u8.ToArray(), Cancellation);

        (await NamesAsync(StoreArea.Data)).ShouldBe(["a-b.json", "a/B.json", "a/b.json", "a/b/10.json", "a/b/2.json", "b.json"]);
        (await NamesAsync(StoreArea.Data, "a/b")).ShouldBe(["a/b.json", "a/b/10.json", "a/b/2.json"]);
        (await NamesAsync(StoreArea.Data, "a/b/")).ShouldBe(["a/b/10.json", "a/b/2.json"]);
        (await NamesAsync(StoreArea.Data, "c/d")).ShouldBeEmpty();
        (await NamesAsync(StoreArea.State)).ShouldBe(["a/state.json"]);
        (await NamesAsync(StoreArea.Exports)).ShouldBe(["a/export.json"]);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/")]
    public async Task A_listing_does_not_leave_its_area(string prefix) =>
        await Should.ThrowAsync<ArgumentException>(NamesAsync(StoreArea.State, prefix));

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    public async Task A_stage_is_one_segment(string stage) =>
        await Should.ThrowAsync<ArgumentException>(async () => await Store.StageAsync(Part, stage, Cancellation));

    private Task<StagedFile> StageAsync(StorePath path, string content) => StageAsync(path, Encoding.UTF8.GetBytes(content));

    private async Task<StagedFile> StageAsync(StorePath path, byte[] content)
    {
        await using StagingStream stream = await Store.StageAsync(path, Stage, Cancellation);
        await stream.WriteAsync(content, Cancellation);
        return await stream.CompleteAsync(Cancellation);
    }

    private static void WriteSynchronously(StagingStream stream, byte[] content)
    {
        foreach (byte[] piece in content.Chunk(5_000_000))
            stream.Write(piece, 0, piece.Length);
    }

    // On a thread of its own: a folder store does much of its work before it first awaits.
    private Task<bool> WinsAsync(Func<IStore, Task> write) => Task.Run(async () =>
    {
        IStore another = await OpenAsync(Cancellation);
        try
        {
            await write(another);
            return true;
        }
        catch (StoreConflictException)
        {
            return false;
        }
    }, Cancellation);

    private async Task<byte[]> ReadAsync(StorePath path)
    {
        await using Stream stream = (await Store.OpenReadAsync(path, Cancellation)).ShouldNotBeNull();
        using MemoryStream content = new();
        await stream.CopyToAsync(content, Cancellation);
        return content.ToArray();
    }

    private async Task<List<StoredFile>> ListAsync(StoreArea area, string prefix = "") =>
        await Store.ListAsync(area, prefix, Cancellation).ToListAsync(Cancellation);

    private async Task<List<string>> NamesAsync(StoreArea area, string prefix = "") =>
        (await ListAsync(area, prefix)).ConvertAll(file => file.Path.Name);

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(Seed: 1).NextBytes(bytes);
        return bytes;
    }
}
