using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Storage;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Core.Archive;

/// <summary>The dependencies of a run.</summary>
public sealed class RunParts(
    KapsoClient client, RateBudget budget, IStore store, IOptions<KapsoOptions> kapso, IOptions<ArchiveOptions> archive, TimeProvider time,
    RunLimits limits)
{
    internal KapsoClient Client => client;

    internal RateBudget Budget => budget;

    internal IStore Store => store;

    internal KapsoOptions Kapso => kapso.Value;

    internal ArchiveOptions Options => archive.Value;

    internal TimeProvider Time => time;

    internal RunLimits Limits => limits;
}
