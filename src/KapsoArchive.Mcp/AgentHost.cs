using KapsoArchive.Core.Storage.Folders;

namespace KapsoArchive.Mcp;

/// <summary>What the program gives the tools.</summary>
/// <param name="OpenCache">Opens the cache for copies of a container's files; null for a lake in a folder.</param>
/// <param name="QueryAsync">Answers SQL with at most a number of rows within a time, as <c>kapso-archive query --json</c> does, in a
/// process of its own: an engine cannot be stopped within one call of a function, but a process can.</param>
public sealed record AgentHost(
    Func<IStore, FileCache?> OpenCache, Func<string, int, TimeSpan, CancellationToken, Task<JsonElement>> QueryAsync);
