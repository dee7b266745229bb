using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli;

public sealed class ViewsCommandTests : CliTest
{
    [Fact]
    public async Task The_DuckDB_script_creates_the_views_of_a_lake_written_by_run()
    {
        (await RunAsync("run", "--conversations", "all", "--out", "the customer's lake")).ExitCode.ShouldBe(0);
        Settings.Clear();

        CliResult result = await RunAsync("views", "--engine", "duckdb", "--out", "the customer's lake");

        (result.ExitCode, result.Error).ShouldBe((0, ""));
        using var duck = new DuckDb();
        duck.Execute(result.Output);
        duck.Count("SELECT count(*) FROM messages_current").ShouldBe(400);
        duck.Count("SELECT count(*) FROM message_history WHERE version = 1 AND is_current").ShouldBe(400);
        duck.Count("SELECT count(*) FROM conversations_current WHERE outcome = 'complete'").ShouldBe(12);
    }

    [Fact]
    public async Task The_lake_comes_from_the_settings_if_the_command_line_names_none()
    {
        Settings.Clear();
        Settings["Archive__Destination"] = "https://account.blob.core.windows.net/kapso-archive";

        CliResult result = await RunAsync("views", "--engine", "Synapse");

        (result.ExitCode, result.Error).ShouldBe((0, ""));
        result.Output.ShouldStartWith("-- The views of a KapsoArchive lake, for Synapse serverless SQL.");
        result.Output.ShouldContain("'https://account.dfs.core.windows.net/kapso-archive/_manifests/*.json'");
    }

    [Theory]
    [InlineData("--engine: there is no engine \"oracle\". Choose duckdb, spark, synapse, databricks or fabric.", "--engine", "oracle", "--out", "lake")]
    [InlineData("--engine: there is no engine \"1\". Choose duckdb, ", "--engine", "1", "--out", "lake")]
    [InlineData("--engine is missing. Choose duckdb, spark, synapse, databricks or fabric.", "--out", "lake")]
    [InlineData("Archive:Destination (environment Archive__Destination, or --out) is missing. ", "--engine", "duckdb")]
    [InlineData("Archive:Destination (environment Archive__Destination, or --out): Synapse serverless SQL does not read the folder ", "--engine", "synapse", "--out", "lake")]
    [InlineData("Archive:Destination (environment Archive__Destination, or --out): Fabric does not read the folder ", "--engine", "fabric", "--out", "lake")]
    [InlineData("Archive:Destination: https://account.blob.core.windows.net/lake must not have a query", "--engine", "duckdb", "--out", "https://account.blob.core.windows.net/lake?sig=x")]
    public async Task An_impossible_request_is_explained_in_one_sentence(string sentence, params string[] arguments)
    {
        Settings.Clear();

        CliResult result = await RunAsync(["views", .. arguments]);

        result.Error.ShouldStartWith(sentence);
        result.Error.TrimEnd().ShouldNotContain("\n");
        (result.ExitCode, result.Output).ShouldBe((2, ""));
    }
}
