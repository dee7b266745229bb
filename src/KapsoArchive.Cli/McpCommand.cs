using KapsoArchive.Mcp;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive mcp</c>: serves the archive to one agent, until its client closes stdin. Nothing but the protocol goes to
/// stdout.</summary>
internal static class McpCommand
{
    public static Task<int> ExecuteAsync(string? lake, CacheOptions cache, CancellationToken cancellationToken) => Failure.ReportedAsync(
        async () =>
        {
            await using CliServices services = CliServices.ForServer(lake);
            if (Terminal.CanAsk)
                await Terminal.TellAsync("Waits on stdin for an agent's client, which starts this command itself. Ctrl+C ends it.");
            var queries = new QueryProcess(lake, cache);
            await AgentServer.ServeAsync(
                Terminal.OpenInput(), Terminal.OpenFile(), services.All, new AgentHost(queries.OpenCache, queries.AnswerAsync),
                cancellationToken);
            return ExitCode.Complete;
        },
        json: false, cancellationToken, "Interrupted.");
}
