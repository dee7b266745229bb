using Parquet;
using Parquet.Serialization;

namespace KapsoArchive.Core.Lake.Parquet;

/// <summary>Writes and reads small Parquet files whose columns are objects, by the library's serializer. It takes columns from properties
/// and is slow, which does not matter here.</summary>
internal static class NestedFile
{
    public static Task WriteAsync<T>(IReadOnlyList<T> rows, Stream file, CancellationToken cancellationToken) =>
        ParquetSerializer.SerializeAsync(
            rows, file, new ParquetOptions { CompressionMethod = CompressionMethod.Snappy }, cancellationToken: cancellationToken);

    /// <exception cref="InvalidDataException">The file cannot be read as such rows.</exception>
    public static async Task<IReadOnlyList<T>> ReadAsync<T>(Stream file, CancellationToken cancellationToken)
        where T : class, new()
    {
        var watched = new ContentStream(file);
        try
        {
            return [.. (await ParquetSerializer.DeserializeAsync<T>(watched, cancellationToken: cancellationToken)).Data];
        }
        catch (Exception e) when (watched.IsDamage(e))
        {
            throw new InvalidDataException($"The file is not readable: {e.Message}", e);
        }
    }
}
