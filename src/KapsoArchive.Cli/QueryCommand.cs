using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Query;
using Spectre.Console;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive query</c>: answers SQL over the lake's views.</summary>
internal static class QueryCommand
{
    /// <summary>In place of the SQL: it comes from stdin.</summary>
    public const string FromInput = "-";

    public static Task<int> ExecuteAsync(
        string sql, QueryLimits limits, string? lake, CacheOptions cache, bool json, CancellationToken cancellationToken) =>
        Failure.ReportedAsync(
            async () =>
            {
                Check(limits);
                if (sql == FromInput)
                    sql = await Terminal.ReadInputAsync(cancellationToken);
                await using CliServices services = CliServices.ForStore(lake);
                FileCache? copies = cache.Open(services.Store);
                QueryAnswer answer = await new LakeQuery(services.Store, copies).AnswerAsync(sql, limits, cancellationToken);
                if (json)
                    await Terminal.SayJsonAsync(answer.ToJson());
                else
                    Print(answer);
                if (answer.RunsWithoutParquet > 0)
                    await Terminal.TellAsync(
                        $"Not in the views: the messages of {Quantity.Of(answer.RunsWithoutParquet, "run")} that wrote JSONL only. "
                        + "find has them.");
                return ExitCode.Complete;
            },
            json, cancellationToken, "Interrupted.");

    private static void Check(QueryLimits limits)
    {
        if (limits.Rows is < 1 or > QueryLimits.MostRows)
            throw new SettingException(VisibleText.Sentence(
                $"--limit is {limits.Rows}. Give a number from 1 to {QueryLimits.MostRows}, for example --limit 1000."));
        if (limits.Timeout <= TimeSpan.Zero || limits.Timeout > QueryLimits.LongestTimeout)
            throw new SettingException(VisibleText.Sentence(
                $"--timeout is {limits.Timeout.TotalSeconds:0}. Give seconds from 1 to {QueryLimits.LongestTimeout.TotalSeconds:0}."));
    }

    private static void Print(QueryAnswer answer)
    {
        IAnsiConsole console = Terminal.OpenReport();
        Table table = new Table().Border(TableBorder.Simple);
        foreach (QueryColumn column in answer.Columns)
        {
            var header = new TableColumn(new Text(VisibleText.Line(column.Name)));
            table.AddColumn(column.IsNumber ? header.RightAligned() : header);
        }

        foreach (IReadOnlyList<string?> row in answer.Rows)
            table.AddRow(row.Select(value => new Text(value is null ? "NULL" : VisibleText.Line(value))));
        console.Write(table);
        string more = answer.IsCut ? ", and there are more: see --limit" : "";
        console.WriteLine(VisibleText.Sentence($"{Quantity.Of(answer.Rows.Count, "row")}{more}. As of run {answer.Snapshot}."));
    }
}
