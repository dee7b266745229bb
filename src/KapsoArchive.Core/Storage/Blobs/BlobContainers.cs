using System.Text.RegularExpressions;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>The three containers of a store. Their names derive from the first.</summary>
internal sealed partial class BlobContainers
{
    // A container's name has at most 63 characters, and '-exports' is appended to this one.
    private const int MaxLength = 55;

    /// <summary>Beginnings of names in the state area that only a used archive has. Beside them, a missing data container is not created: a
    /// deleted one must not come back empty, and without its policy.</summary>
    private static readonly string[] SignsOfUse = ["latest.json", "runs/"];

    private readonly Dictionary<StoreArea, BlobContainerClient> _containers;

    public BlobContainers(BlobServiceClient service, string container)
    {
        if (container.Length is < 3 or > MaxLength || !ContainerName().IsMatch(container))
        {
            throw new StoreException(
                $"'{container}' cannot be the container's name: use 3 to {MaxLength} lower-case letters, digits and single hyphens, with "
                    + "a letter or digit at both ends.");
        }
        _containers = new Dictionary<StoreArea, BlobContainerClient>
        {
            [StoreArea.Data] = service.GetBlobContainerClient(container),
            [StoreArea.State] = service.GetBlobContainerClient($"{container}-state"),
            [StoreArea.Exports] = service.GetBlobContainerClient($"{container}-exports"),
        };
    }

    public BlobContainerClient Of(StoreArea area) => _containers[area];

    public BlockBlobClient Blob(StorePath path) => Of(path.Area).GetBlockBlobClient(path.Name);

    /// <summary>The container's URL without its query, which may be a secret.</summary>
    public string Location(StoreArea area) => Of(area).Uri.GetLeftPart(UriPartial.Path);

    /// <exception cref="StoreException">The data container is missing, although the state container shows that it was used.</exception>
    public async Task CheckDataAsync(CancellationToken cancellationToken)
    {
        if (await Of(StoreArea.Data).ExistsAsync(cancellationToken) || !await Of(StoreArea.State).ExistsAsync(cancellationToken))
            return;
        foreach (string sign in SignsOfUse)
        {
            await foreach (BlobItem _ in Of(StoreArea.State).GetBlobsAsync(BlobTraits.None, BlobStates.None, sign, cancellationToken))
            {
                throw new StoreException(
                    $"{Location(StoreArea.Data)} does not exist, but {Location(StoreArea.State)} shows that it was used: it was deleted, or "
                        + "the setting names another container. Restore the container, or correct the setting. Nothing was created.");
            }
        }
    }

    /// <summary>Creates the container if it is missing, and proves that it is writable.</summary>
    public async Task PrepareAsync(StoreArea area, CancellationToken cancellationToken)
    {
        // Check first: an identity whose role covers only the existing containers may not create any.
        if (!await Of(area).ExistsAsync(cancellationToken))
            await Of(area).CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: cancellationToken);

        // Staging a block without committing it tests writing and leaves no visible blob. The constant id keeps the blocks from
        // accumulating.
        using MemoryStream content = new([0]);
        await Of(area).GetBlockBlobClient("write-check")
            .StageBlockAsync(BlockIds.Of("write-check", 0), content, cancellationToken: cancellationToken);
    }

    /// <returns>Null if the blob does not exist. A missing container is a fault.</returns>
    public Task<T?> ReadExistingAsync<T>(StorePath path, Func<BlockBlobClient, Task<T>> read)
        where T : class => ExplainAsync(path.Area, async () =>
        {
            try
            {
                return await read(Blob(path));
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                return null;
            }
        });

    public Task ExplainAsync(StoreArea area, Func<Task> request) => BlobFault.ExplainAsync(Location(area), request);

    public Task<T> ExplainAsync<T>(StoreArea area, Func<Task<T>> request) => BlobFault.ExplainAsync(Location(area), request);

    [GeneratedRegex("^[a-z0-9](-?[a-z0-9])*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ContainerName();
}
