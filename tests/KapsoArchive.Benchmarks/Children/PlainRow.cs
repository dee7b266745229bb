using Parquet.Serialization.Attributes;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>A row as Parquet.Net's serializer takes it.</summary>
public sealed class PlainRow
{
    public string? conversation_id { get; set; }

    public string? id { get; set; }

    [ParquetTimestamp(ParquetTimestampResolution.Microseconds)]
    public DateTime? created_at { get; set; }

    [ParquetTimestamp(ParquetTimestampResolution.Microseconds)]
    public DateTime? updated_at { get; set; }

    public string? direction { get; set; }

    public string? status { get; set; }

    public string? processing_status { get; set; }

    public string? message_type { get; set; }

    public string? phone_number { get; set; }

    public string? whatsapp_message_id { get; set; }

    public string? content { get; set; }

    public string? media_url { get; set; }

    public string? metadata { get; set; }

    public string? message_type_data { get; set; }

    [ParquetTimestamp(ParquetTimestampResolution.Microseconds)]
    public DateTime archived_at { get; set; }
}
