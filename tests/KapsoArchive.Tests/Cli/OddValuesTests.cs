using System.Text;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Lake;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Cli;

/// <summary>The program on a source of odd values, and on one of none.</summary>
public sealed class OddValuesTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);
    private RawSource? _source;

    private RawSource Source => _source!;

    public async ValueTask InitializeAsync()
    {
        _source = await RawSource.StartAsync();
        (_settings["Kapso__ApiKey"], _settings["Kapso__BaseUrl"]) = ("key", _source.BaseUrl.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Odd_values_are_counted_and_do_not_stop_a_run()
    {
        Source.Add("odd", OddValues.Records.Select(Encoding.UTF8.GetString));

        CliResult first = await RunAsync("run", "--conversations", "all", "--out", "lake");
        CliResult second = await RunAsync("run", "--conversations", "all", "--out", "lake");
        CliResult verified = await RunAsync("verify", "--out", "lake");
        CliResult exported = await RunAsync("export", "--conversations", "all", "--from", "2026-03-01", "--format", "csv", "--out", "lake");

        (first.ExitCode, second.ExitCode, verified.ExitCode, exported.ExitCode).ShouldBe((0, 0, 0, 0), first.Error + second.Error + verified.Error + exported.Error);
        first.Output.ReplaceLineEndings(" ").ShouldContain("20 values did not fit their column: extra has the original.");
        first.Output.ReplaceLineEndings(" ").ShouldContain("5 records were not valid for strict JSON readers: the text was repaired");
        second.Output.ShouldNotContain("did not fit");
        exported.Output.ReplaceLineEndings(" ").ShouldContain("12 messages were left out because created_at is missing or unreadable");
    }

    [Fact]
    public async Task An_empty_archive_has_views_and_an_empty_export_has_its_header()
    {
        Source.Add("silent", []);

        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);
        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);
        CliResult export = await RunAsync("export", "--conversations", "all", "--format", "csv,parquet,jsonl,html", "--out", "lake");
        CliResult views = await RunAsync("views", "--engine", "duckdb", "--out", "lake");

        (export.ExitCode, views.ExitCode).ShouldBe((0, 0), export.Error + views.Error);
        Directory.GetFiles(_folder.File("lake/messages"), "*.parquet", SearchOption.AllDirectories).ShouldHaveSingleItem("the first run alone wrote an empty part");
        string csv = Directory.GetFiles(_folder.File("lake/exports"), "*.csv", SearchOption.AllDirectories).Where(f => f.Contains("messages_csv")).ShouldHaveSingleItem();
        Rfc4180.Read(await File.ReadAllTextAsync(csv, TestContext.Current.CancellationToken)).ShouldHaveSingleItem()[..2].ShouldBe(["conversation_id", "id"]);
        using var duck = new DuckDb();
        duck.Execute(views.Output);
        foreach (string view in (string[])["messages", "messages_current", "message_history"])
            duck.Count($"SELECT count(*) FROM {view}").ShouldBe(0);
        duck.Count("SELECT count(*) FROM conversations_current WHERE outcome = 'complete'").ShouldBe(1);

        CliResult viewsOfExport = await RunAsync("views", "--engine", "duckdb", "--out", Directory.GetDirectories(_folder.File("lake/exports")).Single());
        viewsOfExport.ExitCode.ShouldBe(0, viewsOfExport.Error);
        using var other = new DuckDb();
        other.Execute(viewsOfExport.Output);
        other.Count("SELECT count(*) FROM messages_current").ShouldBe(0);
        other.Count("SELECT count(*) FROM conversations_current WHERE snapshot_date > '2026-01-01'").ShouldBe(1);

        Source.Add("silent", ["""{"id":"m1","content":"at last"}"""]);
        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);
        duck.Rows("SELECT content FROM messages_current").ShouldHaveSingleItem().ShouldBe(["at last"]);
        (await RunAsync("verify", "--out", "lake")).ExitCode.ShouldBe(0);
    }

    private Task<CliResult> RunAsync(params string[] arguments) =>
        CliProcess.RunAsync(_folder.Path, _settings, arguments);
}
