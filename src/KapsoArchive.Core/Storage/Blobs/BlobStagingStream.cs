using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>Stages a file as uncommitted blocks. The SDK's own write stream is unsuitable: it creates the blob when it opens, and an
/// exception that disposes it commits the blocks so far.</summary>
/// <param name="lifetime">Cancels writes that have no token of their own: Parquet.Net writes so.</param>
internal sealed class BlobStagingStream(StorePath path, string stage, BlockBlobClient blob, string location, CancellationToken lifetime)
    : StagingStream(path, stage)
{
    private const int BlockSize = 8 * 1024 * 1024;

    private static readonly BlockBlobStageBlockOptions Options = new()
    {
        TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
    };

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BlockSize);
    private int _filled;
    private int _blocks;

    private protected override void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[Fill(bytes)..];
            if (_filled == BlockSize)
                StageBlock();
        }
    }

    private protected override async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[Fill(bytes.Span)..];
            if (_filled == BlockSize)
                await StageBlockAsync(cancellationToken);
        }
    }

    private protected override async Task<int> FinishAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0)
            await StageBlockAsync(cancellationToken);
        return _blocks;
    }

    private protected override void Release(bool completed)
    {
        // An aborted request may still be reading the buffer, so that buffer is left to the garbage collector.
        if (IsIntact)
            ArrayPool<byte>.Shared.Return(_buffer);
    }

    private int Fill(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(bytes.Length, BlockSize - _filled);
        bytes[..count].CopyTo(_buffer.AsSpan(_filled));
        _filled += count;
        return count;
    }

    private void StageBlock()
    {
        try
        {
            using MemoryStream content = Content();
            blob.StageBlock(NextId(), content, Options, lifetime);
            _filled = 0;
        }
        catch (Exception exception) when (BlobFault.Explains(exception))
        {
            throw BlobFault.Explain(exception, location);
        }
    }

    private Task StageBlockAsync(CancellationToken cancellationToken) => BlobFault.ExplainAsync(location, async () =>
    {
        using MemoryStream content = Content();
        await blob.StageBlockAsync(NextId(), content, Options, cancellationToken.CanBeCanceled ? cancellationToken : lifetime);
        _filled = 0;
    });

    private MemoryStream Content() => new(_buffer, 0, _filled, writable: false);

    private string NextId()
    {
        if (_blocks == BlockIds.MaxBlocks)
            throw new StoreException(
                $"{Path} is too large: a blob has at most {BlockIds.MaxBlocks} blocks of {BlockSize} bytes. Make smaller parts.");
        return BlockIds.Of(Attempt, _blocks++);
    }
}
