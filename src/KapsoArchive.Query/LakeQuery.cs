using DuckDB.NET.Data;
using KapsoArchive.Core.Storage.Folders;

namespace KapsoArchive.Query;

/// <summary>Answers SQL over a lake. Every query gets an engine of its own.</summary>
/// <param name="store">The lake.</param>
/// <param name="cache">Where copies of a container's files are kept; null for a folder.</param>
public sealed class LakeQuery(IStore store, FileCache? cache)
{
    /// <summary>How long an engine gets to notice that it is interrupted.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Answers one query.</summary>
    /// <remarks>DuckDB does not notice an interruption within one call of a function, such as one that makes a text of a gigabyte. The call
    /// then returns in time nevertheless, and the engine ends later by itself, or with the process. A process that must live on executes
    /// queries in another one (the command <c>query</c>).</remarks>
    /// <exception cref="SettingException">The query is wrong, or exceeds a limit. The message is a sentence.</exception>
    /// <exception cref="StoreException">The lake or the cache cannot be read.</exception>
    public async Task<QueryAnswer> AnswerAsync(string sql, QueryLimits limits, CancellationToken cancellationToken)
    {
        LakeFiles files = await LakeFiles.ReadAsync(store, cache, cancellationToken);
        using var engine = new SealedEngine();
        Task<QueryAnswer> answer = Task.Run(() => engine.Answer(files, sql, limits), CancellationToken.None);
        long most = Environment.WorkingSet + (limits.Memory / 2 * 3);
        long begin = TimeProvider.System.GetTimestamp();
        while (await Task.WhenAny(answer, Task.Delay(Look, cancellationToken)) != answer)
        {
            string? exceeded = TimeProvider.System.GetElapsedTime(begin) > limits.Timeout ? VisibleText.Sentence(
                    $"The query takes longer than {limits.Timeout.TotalSeconds:0.#} seconds. Narrow it, or give it more time: --timeout.")
                : Environment.WorkingSet > most ? "The query takes more memory than it may. Narrow it." : null;
            if (exceeded is null && !cancellationToken.IsCancellationRequested)
                continue;
            for (TimeSpan waited = TimeSpan.Zero; waited < Grace && !answer.IsCompleted; waited += Look)
            {
                engine.Interrupt();
                await Task.WhenAny(answer, Task.Delay(Look, CancellationToken.None));
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw new SettingException(exceeded!);
        }

        try
        {
            return await answer;
        }
        catch (DuckDBException e)
        {
            throw new SettingException(Explain(e), e);
        }
    }

    /// <summary>DuckDB's message without the line that points into the SQL.</summary>
    private static string Explain(DuckDBException exception)
    {
        string[] lines = exception.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string message = string.Join(' ', lines.TakeWhile(line => !line.StartsWith("LINE", StringComparison.Ordinal)));
        return $"DuckDB: {VisibleText.PrintedLine(VisibleText.Beginning(message, 1000)).TrimEnd('.')}.";
    }
}
