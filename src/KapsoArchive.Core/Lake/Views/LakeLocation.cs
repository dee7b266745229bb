namespace KapsoArchive.Core.Lake.Views;

/// <summary>The location of a lake in the syntax of each engine.</summary>
public sealed class LakeLocation
{
    private const string BlobHost = ".blob.";

    private readonly string _location;
    private readonly Uri? _container;

    /// <param name="location">A folder's full path, or a container's URL, <c>https://ACCOUNT.blob.core.windows.net/CONTAINER</c>.</param>
    /// <param name="isRelative">Whether the script has paths relative to the folder.</param>
    /// <exception cref="LakeLocationException">No engine can read it.</exception>
    public LakeLocation(string location, bool isRelative = false)
    {
        IsRelative = isRelative;
        if (location.Any(char.IsControl))
            throw new LakeLocationException(
                "The lake's path contains a line break or another control character, which a script cannot contain: rename the folder.");
        _location = location;
        if (!location.Contains("://", StringComparison.Ordinal))
            return;
        _container = new Uri(location);
        if (_container.Scheme != Uri.UriSchemeHttps || !_container.Host.Contains(BlobHost, StringComparison.Ordinal))
            throw new LakeLocationException(
                $"{location} is not a container of an Azure Storage account in the cloud: views are written for a folder, or for "
                + "https://ACCOUNT.blob.core.windows.net/CONTAINER.");
    }

    public bool IsFolder => _container is null;

    /// <summary>Whether the script names the folder as the one in which it is run. DuckDB alone.</summary>
    public bool IsRelative { get; }

    /// <summary>Whether it is the folder of an export, with one manifest and without partitions.</summary>
    public bool IsExport => IsFolder && File.Exists(Path.Combine(_location, RunLayout.ExportManifest))
        && !Directory.Exists(Path.Combine(_location, "_manifests"));

    /// <summary>The storage account's name; null for a folder.</summary>
    public string? Account => _container?.Host.Split('.')[0];

    /// <summary>A path pattern for DuckDB. Brackets and stars in a folder's name are escaped.</summary>
    internal string ForDuckDb => _container is { } container
        ? $"az://{container.Host}{container.AbsolutePath}"
        : IsRelative ? "." : Pattern(_location);

    /// <summary>The pattern of DuckDB that matches one path alone.</summary>
    public static string Pattern(string path) =>
        string.Concat(path.Replace(Path.DirectorySeparatorChar, '/').Select(c => c is '*' or '?' or '[' ? $"[{c}]" : $"{c}"));

    /// <summary>A path pattern for Hadoop's file systems.</summary>
    internal string PatternForSpark => IsFolder ? $"file:{Escaped}" : ForSpark;

    /// <summary>A path for Hadoop's file systems.</summary>
    internal string ForSpark => _container is { } container
        ? $"abfss://{container.AbsolutePath.Trim('/')}@{DfsHost(container)}"
        : $"file:{Slashed}";

    /// <summary>Same as for Spark, except for Databricks volumes, which look like folders but are not files of the machine.</summary>
    internal string ForDatabricks => IsVolume ? Slashed : ForSpark;

    /// <inheritdoc cref="ForDatabricks"/>
    internal string PatternForDatabricks => IsVolume ? Escaped : PatternForSpark;

    /// <exception cref="LakeLocationException">The location is a folder.</exception>
    internal string ForSynapse => _container is { } container
        ? $"https://{DfsHost(container)}/{container.AbsolutePath.Trim('/')}"
        : throw new LakeLocationException(
            $"Synapse serverless SQL does not read the folder {_location}: give the container's URL, "
            + "https://ACCOUNT.blob.core.windows.net/CONTAINER.");

    /// <exception cref="LakeLocationException">The location is a folder.</exception>
    internal string ForFabric => !IsFolder ? ForSpark
        : throw new LakeLocationException(
            $"Fabric does not read the folder {_location}: give the container's URL, https://ACCOUNT.blob.core.windows.net/CONTAINER.");

    private bool IsVolume => IsFolder && _location.StartsWith("/Volumes/", StringComparison.Ordinal);

    private string Slashed => _location.Replace(Path.DirectorySeparatorChar, '/');

    private string Escaped => string.Concat(Slashed.Select(c => @"*?[]{}\".Contains(c) ? $@"\{c}" : $"{c}"));

    private static string DfsHost(Uri container) => container.Host.Replace(BlobHost, ".dfs.", StringComparison.Ordinal);
}
