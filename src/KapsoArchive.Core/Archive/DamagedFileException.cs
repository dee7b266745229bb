namespace KapsoArchive.Core.Archive;

/// <summary>A manifest or a file that a manifest names is missing or damaged.</summary>
/// <param name="path">Its name in the area.</param>
/// <param name="location">The area.</param>
/// <param name="problems">What is wrong with it, at least one: predicates of sentences.</param>
internal sealed class DamagedFileException(
    string path, string location, IReadOnlyList<string> problems, Exception? innerException = null)
    : StoreException($"{path} of {location} {problems[0].TrimEnd('.')}.", innerException)
{
    public string Path => path;

    public IReadOnlyList<string> Problems => problems;

    /// <summary>The first problem, without a full stop.</summary>
    public string Problem => problems[0].TrimEnd('.');

    public bool IsMissing { get; init; }

    /// <summary>The same for a reader who wanted something else than this file, with the command that tells more.</summary>
    public StoreException WithRemedy() => new($"{path} of {location} {Problem}. Find out more with `kapso-archive verify`.", this);
}
