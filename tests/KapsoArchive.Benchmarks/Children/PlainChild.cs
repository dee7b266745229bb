using System.IO.Compression;
using System.Text.Json;
using Parquet;
using Parquet.Serialization;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>The plain way: a DTO, one page after the other, and Parquet.Net's serializer. It gets the codec and the level that it would have to be told: its default level costs many times more.</summary>
internal static class PlainChild
{
    private const int RowsInGroup = 50_000;

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static async Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        using Source source = Source.At(settings["url"]);
        string file = Path.Combine(settings["out"], "plain.parquet");
        DateTime now = DateTime.UtcNow;
        List<PlainRow> rows = [];
        long messages = 0;
        await using FileStream output = new(file, FileMode.Create, FileAccess.ReadWrite);
        foreach (string id in await source.ConversationsAsync())
        {
            int pages = 1;
            for (int number = 1; number <= pages; number++)
            {
                PlainPage page = JsonSerializer.Deserialize<PlainPage>(await source.PageAsync(id, number), SnakeCase)!;
                pages = page.Meta.TotalPages;
                rows.AddRange(page.Data.Select(m => ToRow(id, m, now)));
                if (rows.Count < RowsInGroup)
                    continue;
                messages += await WriteAsync(rows, output, append: messages > 0);
            }
        }

        messages += await WriteAsync(rows, output, append: messages > 0);
        return new Dictionary<string, double>(StringComparer.Ordinal) { ["messages"] = messages, ["bytes"] = output.Length };
    }

    private static async Task<int> WriteAsync(List<PlainRow> rows, Stream output, bool append)
    {
        if (rows.Count == 0)
            return 0;
        output.Position = 0;
        await ParquetSerializer.SerializeAsync(rows, output, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Optimal, Append = append });
        int written = rows.Count;
        rows.Clear();
        return written;
    }

    private static PlainRow ToRow(string conversation, PlainMessage message, DateTime now) => new()
    {
        conversation_id = conversation,
        id = message.Id,
        created_at = message.CreatedAt,
        updated_at = message.UpdatedAt,
        direction = message.Direction,
        status = message.Status,
        processing_status = message.ProcessingStatus,
        message_type = message.MessageType,
        phone_number = message.PhoneNumber,
        whatsapp_message_id = message.WhatsappMessageId,
        content = message.Content,
        media_url = message.MediaUrl,
        metadata = message.Metadata?.GetRawText(),
        message_type_data = message.MessageTypeData?.GetRawText(),
        archived_at = now,
    };
}
