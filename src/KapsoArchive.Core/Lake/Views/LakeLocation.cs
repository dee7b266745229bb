namespace KapsoArchive.Core.Lake.Views;

/// <summary>Where a lake lies, in the words of each engine.</summary>
public sealed class LakeLocation
{
    private const string BlobHost = ".blob.";

    private readonly string _location;
    private readonly Uri? _container;

    /// <param name="location">A folder's full path, or a container's URL, <c>https://ACCOUNT.blob.core.windows.net/CONTAINER</c>.</param>
    /// <exception cref="LakeLocationException">No engine reads it.</exception>
    public LakeLocation(string location)
    {
        if (location.Any(char.IsControl))
            throw new LakeLocationException("The lake's place has a line break or another control character, which no script can hold: rename the folder.");
        _location = location;
        if (!location.Contains("://", StringComparison.Ordinal))
            return;
        _container = new Uri(location);
        if (_container.Scheme != Uri.UriSchemeHttps || !_container.Host.Contains(BlobHost, StringComparison.Ordinal))
            throw new LakeLocationException($"{location} is no container of an Azure Storage account in the cloud: views are written for a folder, or for https://ACCOUNT.blob.core.windows.net/CONTAINER.");
    }

    public bool IsFolder => _container is null;

    /// <summary>Whether it is the folder of an export, which has one manifest, and parts that lie in no partition.</summary>
    public bool IsExport => IsFolder && File.Exists(Path.Combine(_location, RunLayout.ExportManifest)) && !Directory.Exists(Path.Combine(_location, "_manifests"));

    /// <summary>The storage account's name; null for a folder.</summary>
    public string? Account => _container?.Host.Split('.')[0];

    /// <summary>For a path that DuckDB expands: a folder's own brackets and stars stand for themselves.</summary>
    internal string ForDuckDb => _container is { } container
        ? $"az://{container.Host}{container.AbsolutePath}"
        : string.Concat(Slashed.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : $"{c}"));

    /// <summary>For a path that Hadoop's file systems expand.</summary>
    internal string ForSpark => _container is { } container
        ? $"abfss://{container.AbsolutePath.Trim('/')}@{DfsHost(container)}"
        : $"file:{Escaped}";

    /// <summary>As for Spark, but Databricks has volumes among its folders, which are no files of the machine.</summary>
    internal string ForDatabricks => IsFolder && _location.StartsWith("/Volumes/", StringComparison.Ordinal) ? Escaped : ForSpark;

    /// <exception cref="LakeLocationException">It is a folder.</exception>
    internal string ForSynapse => _container is { } container
        ? $"https://{DfsHost(container)}/{container.AbsolutePath.Trim('/')}"
        : throw new LakeLocationException($"Synapse serverless SQL does not read the folder {_location}: give the container's URL, https://ACCOUNT.blob.core.windows.net/CONTAINER.");

    /// <exception cref="LakeLocationException">It is a folder.</exception>
    internal string ForFabric => !IsFolder ? ForSpark
        : throw new LakeLocationException($"Fabric does not read the folder {_location}: give the container's URL, https://ACCOUNT.blob.core.windows.net/CONTAINER.");

    private string Slashed => _location.Replace(Path.DirectorySeparatorChar, '/');

    private string Escaped => string.Concat(Slashed.Select(c => @"*?[]{}\".Contains(c) ? $@"\{c}" : $"{c}"));

    private static string DfsHost(Uri container) => container.Host.Replace(BlobHost, ".dfs.", StringComparison.Ordinal);
}
