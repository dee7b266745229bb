using System.CommandLine;
using KapsoArchive.Core.Storage.Folders;

namespace KapsoArchive.Cli;

/// <summary>The options on copies of a container's files.</summary>
internal sealed record CacheOptions(string? Folder, int Mebibytes)
{
    private static readonly int Default = (int)(FileCache.DefaultBytes >> 20);

    /// <summary>If no option is given.</summary>
    public static CacheOptions None { get; } = new(null, Default);

    /// <summary>Opens the cache; null for a lake in a folder, which needs none.</summary>
    /// <exception cref="SettingException">The size is wrong.</exception>
    /// <exception cref="StoreException">The folder cannot be used.</exception>
    public FileCache? Open(IStore store) => Mebibytes < 1
        ? throw new SettingException($"--cache-size is {Mebibytes}. Give mebibytes, at least 1, for example --cache-size {Default}.")
        : StoreOpener.OpenCache(store, Folder, (long)Mebibytes << 20);

    /// <summary>Adds the options to a command.</summary>
    /// <returns>Reads them.</returns>
    public static Func<ParseResult, CacheOptions> AddTo(Command command)
    {
        Option<string> folder = new("--cache")
        {
            Description = "For a container: the folder for copies of its files, for this user only. By default below the user's folder for "
                + "caches.",
            HelpName = "DIR",
        };
        Option<int> size = new("--cache-size")
        { Description = "How much the cache keeps, in MiB.", HelpName = "MIB", DefaultValueFactory = _ => Default };
        command.Add(folder);
        command.Add(size);
        return parsed => new CacheOptions(parsed.GetValue(folder), parsed.GetValue(size));
    }
}
