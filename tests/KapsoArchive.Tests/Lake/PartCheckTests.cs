using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parquet;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

/// <summary>Whatever is wrong with a file is found and told; nothing is found in a file that is as it was written.</summary>
public sealed class PartCheckTests
{
    private const int RowCount = 400;

    private static readonly string Zeros = new('0', 64);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Files => new("messages", "messages_jsonl", "conversations", "_rejected");

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_sound_file_has_no_findings(string dataset)
    {
        (byte[] content, ManifestFile entry) = await WriteAsync(dataset);

        (await FindAsync(content, entry)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_wrong_row_count_is_found(string dataset)
    {
        (byte[] content, ManifestFile entry) = await WriteAsync(dataset);

        (await FindAsync(content, entry with { Rows = 12_345 })).ShouldBe([$"holds {entry.Rows} rows, but the manifest says 12,345"]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Another_length_and_another_hash_are_found(string dataset)
    {
        (byte[] content, ManifestFile entry) = await WriteAsync(dataset);

        IReadOnlyList<string> findings = await FindAsync(content, entry with { Bytes = 1_234_567, Sha256 = Zeros });

        findings.ShouldBe([$"has the SHA-256 {entry.Sha256}, but the manifest says {Zeros}", $"is {entry.Bytes:N0} bytes long, but the manifest says 1,234,567"]);
    }

    /// <summary>In one bit or in several. A reader that was not told gives rows or says that it cannot.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public async Task Any_flipped_byte_is_found(string dataset)
    {
        (byte[] content, ManifestFile entry) = await WriteAsync(dataset);
        var random = new Random(20261122);
        for (int i = 0; i < 300; i++)
        {
            int position = random.Next(content.Length);
            byte before = content[position];
            content[position] ^= (byte)(i % 2 == 0 ? 1 << random.Next(8) : random.Next(1, 256));

            (await FindAsync(content, entry)).ShouldNotBeEmpty($"byte {position}");
            if (position < content.Length - FooterLength(dataset, content))
                await ShouldReadOrRefuseAsync(dataset, content, position);
            content[position] = before;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_truncated_anywhere_is_found_even_if_the_manifest_agrees(string dataset)
    {
        (byte[] content, ManifestFile entry) = await WriteAsync(dataset);
        foreach (int length in Enumerable.Range(0, 20).Concat(Enumerable.Range(1, 40).Select(i => content.Length - i)).Concat(Enumerable.Range(1, 50).Select(i => i * content.Length / 51)).Where(l => l < content.Length))
        {
            byte[] cut = content[..length];
            (await FindAsync(cut, entry)).Count.ShouldBeGreaterThanOrEqualTo(2, $"{length} bytes");
            if (dataset == "messages_jsonl" && content.Length - length <= 12)
                continue; // All rows are there: .NET does not miss the end mark and the check sum of gzip.
            (await FindAsync(cut, entry with { Bytes = length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(cut)) })).ShouldNotBeEmpty($"{length} bytes");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Foreign_bytes_are_found_even_if_the_manifest_agrees(string dataset)
    {
        foreach (byte[] content in new byte[][] { [], [0], [.. "PAR1PAR1"u8], [.. "PAR1\xFF\xFF\xFF\x7FPAR1"u8], [.. "something else altogether"u8], RandomNumberGenerator.GetBytes(10_000) })
            (await FindAsync(content, Entry(dataset, content, 1))).ShouldNotBeEmpty();
    }

    /// <summary>A run that an older program began and a newer one finished has parts of both.</summary>
    [Fact]
    public async Task A_file_of_an_earlier_schema_version_than_the_manifest_is_sound()
    {
        byte[] conversations = await ConversationsReaderTests.WriteVersion1Async(Cancellation);
        byte[] messages = await OlderParts.WriteAsync(PartFormat.Parquet, HostileMessages.Create(RowCount).Chunk(150), Cancellation);
        ManifestFile conversationsEntry = Entry("conversations", conversations, ConversationsReaderTests.Conversations.Length);
        for (int version = 1; version <= Datasets.SchemaVersion; version++)
            (await FindAsync(conversations, conversationsEntry, version)).ShouldBeEmpty($"{version}");

        (await FindAsync(messages, Entry("messages", messages, RowCount), OlderParts.SchemaVersion)).ShouldBeEmpty();
        (await FindAsync(messages, Entry("messages", messages, RowCount))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_of_a_later_schema_version_than_the_manifest_is_found()
    {
        (byte[] content, ManifestFile entry) = await WriteAsync("messages");
        byte[] older = await OlderParts.WriteAsync(PartFormat.Parquet, HostileMessages.Create(RowCount).Chunk(150), Cancellation);

        (await FindAsync(content, entry, schemaVersion: 2)).ShouldBe(
            [
                $"says schema version {Datasets.SchemaVersion}, but the manifest says 2",
                .. Datasets.Messages.Columns.Where(c => c.Since > 2).Select(c => $"has a column {c.Name} that its dataset does not have"),
            ]);
        (await FindAsync(older, Entry("messages", older, RowCount), schemaVersion: 1)).ShouldBe(["says schema version 2, but the manifest says 1"]);
    }

    [Fact]
    public async Task A_file_must_have_every_column_of_its_schema_version()
    {
        IReadOnlyList<Column<ConversationRow>> columns = [.. Datasets.Conversations.Columns.Where(c => c.Since == 1)];

        (await FindWithAsync(columns, fileVersion: 1)).ShouldBeEmpty();
        (await FindWithAsync(columns, fileVersion: 2)).ShouldContain("lacks the column sweep");
        (await FindWithAsync(columns, fileVersion: 0)).ShouldContain($"says schema version 0, but the manifest says {Datasets.SchemaVersion}");
    }

    [Fact]
    public async Task Columns_that_differ_from_the_dataset_are_named()
    {
        IReadOnlyList<Column<ConversationRow>> columns = Datasets.Conversations.Columns;
        (await FindWithAsync([.. columns.Skip(1)])).ShouldBe(["lacks the column conversation_id"]);
        (await FindWithAsync([.. columns, new CountColumn<ConversationRow>("more", true, _ => 1, "")])).ShouldBe(["has a column more that its dataset does not have"]);
        (await FindWithAsync([.. columns.Reverse()])).ShouldBe(["has its columns in another order than its dataset"]);
        (await FindWithAsync([.. columns.SkipLast(1), new CountColumn<ConversationRow>("archived_at", true, _ => 1, "")])).ShouldBe(
            ["has the column archived_at as required INT64, but it should be required INT64 TIMESTAMP(MICROS, UTC)"]);
        (await FindWithAsync([.. columns.Select(c => c.Name == "pages" ? new CountColumn<ConversationRow>("pages", false, r => r.Pages, "") : c)])).ShouldBe(
            ["has the column pages as optional INT64, but it should be required INT64"]);
    }

    [Fact]
    public async Task Columns_of_later_versions_are_accepted()
    {
        IReadOnlyList<Column<ConversationRow>> columns = Datasets.Conversations.Columns;

        (await FindWithAsync([columns[0], new CountColumn<ConversationRow>("later", true, _ => 1, ""), .. columns.Skip(1)], schemaVersion: Datasets.SchemaVersion + 1)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_dataset_is_named()
    {
        (byte[] content, ManifestFile entry) = await WriteAsync("messages");

        (await FindAsync(content, entry with { Dataset = "attachments" })).ShouldBe(["is of dataset attachments, which this program does not know"]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_failing_stream_is_not_a_finding(string dataset)
    {
        (byte[] content, ManifestFile entry) = await WriteAsync(dataset);
        foreach (int reads in new[] { 0, 1, 7, (content.Length + 3) / 4, (content.Length + 3) / 4 + 1 })
        {
            await using var stream = new BreakingStream(content, reads);
            await Should.ThrowAsync<TimeoutException>(PartCheck.FindAsync(stream, entry, Datasets.SchemaVersion, Cancellation));
            if (dataset is "messages_jsonl" or "_rejected" && reads > 6)
                break; // They are read once, so it does not fail later.
        }
    }

    private static Task<IReadOnlyList<string>> FindAsync(byte[] content, ManifestFile entry, int? schemaVersion = null) =>
        PartCheck.FindAsync(new MemoryStream(content), entry, schemaVersion ?? Datasets.SchemaVersion, Cancellation);

    private static async Task<IReadOnlyList<string>> FindWithAsync(IReadOnlyList<Column<ConversationRow>> columns, int? schemaVersion = null, int? fileVersion = null)
    {
        using var content = new MemoryStream();
        var metadata = new Dictionary<string, string> { ["kapsoarchive.schema_version"] = $"{fileVersion ?? schemaVersion ?? Datasets.SchemaVersion}" };
        ParquetFileWriter<ConversationRow> file = await ParquetFileWriter<ConversationRow>.CreateAsync(new("conversations", columns, []), content, metadata, Cancellation);
        await file.WriteRowGroupAsync(ConversationsReaderTests.Conversations, Cancellation);
        await file.CompleteAsync();
        return await FindAsync(content.ToArray(), Entry("conversations", content.ToArray(), ConversationsReaderTests.Conversations.Length), schemaVersion ?? Datasets.SchemaVersion);
    }

    private static async Task<(byte[] Content, ManifestFile Entry)> WriteAsync(string dataset)
    {
        using var content = new MemoryStream();
        int rows = RowCount;
        switch (dataset)
        {
            case "messages":
                content.Write(await Rows.PartAsync(PartFormat.Parquet, HostileMessages.Create(RowCount).Chunk(150).Select(Rows.Sorted), Cancellation));
                break;
            case "messages_jsonl":
                content.Write(await Rows.PartAsync(PartFormat.Jsonl, [HostileMessages.Create(RowCount)], Cancellation));
                break;
            case "conversations":
                rows = ConversationsReaderTests.Conversations.Length;
                await Unsorted.WriteAsync(content, Rows.Run, ConversationsReaderTests.Conversations, Cancellation);
                break;
            default:
                var line = new ArrayBufferWriter<byte>();
                for (int i = 0; i < RowCount; i++)
                    new RejectedRecord("c", Encoding.UTF8.GetBytes($"{{\"no id\":\n{i}}}"), "no id").WriteLine(line);
                content.Write(line.WrittenSpan);
                break;
        }

        return (content.ToArray(), Entry(dataset, content.ToArray(), rows));
    }

    private static ManifestFile Entry(string dataset, byte[] content, long rows) =>
        new($"{dataset}/x", dataset, "x", rows, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)), null, null);

    /// <summary>The bytes at a Parquet file's end that must not be read where they are damaged, as <see cref="PartReader"/> says.</summary>
    private static int FooterLength(string dataset, byte[] content) => dataset is "messages" or "conversations" ? BitConverter.ToInt32(content.AsSpan()[^8..^4]) + 8 : 0;

    private static async Task ShouldReadOrRefuseAsync(string dataset, byte[] content, int position)
    {
        try
        {
            switch (dataset)
            {
                case "conversations":
                    await ConversationsReader.ReadAsync(new MemoryStream(content), Cancellation).ToListAsync(Cancellation);
                    break;
                case "messages" or "messages_jsonl":
                    PartFormat format = dataset == "messages" ? PartFormat.Parquet : PartFormat.Jsonl;
                    await PartReader.ReadAsync(format, new MemoryStream(content), Cancellation).ToListAsync(Cancellation);
                    break;
            }
        }
        catch (InvalidDataException e)
        {
            e.Message.ShouldNotBeEmpty($"byte {position}");
        }
    }
}
