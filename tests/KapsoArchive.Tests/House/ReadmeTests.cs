using System.Text.RegularExpressions;
using KapsoArchive.Cli.Serve;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake.Views;
using KapsoArchive.Core.Runs;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.House;

/// <summary>What the README says must be so.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(Repository.File("README.md"));

    [Fact]
    public async Task Its_DuckDB_queries_run()
    {
        using var folder = new TemporaryFolder();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 5, Messages = 300 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(folder.File("lake")));
        await harness.RunAsync();
        await harness.RunAsync();
        using var duck = new DuckDb();

        List<string> queries = [.. SqlBlock().Matches(Text).SelectMany(m => m.Groups["sql"].Value.Split(';'))
            .Where(q => q.Contains("read_parquet") || q.Contains("messages_current")).Select(q => q.Replace("'lake/", $"'{folder.Path}/lake/"))];

        duck.Execute(ViewScript.For(LakeEngine.DuckDb, new LakeLocation(folder.File("lake"))));
        queries.Count.ShouldBe(3);
        duck.Count($"SELECT count(*) FROM ({queries[0]})").ShouldBe(300, "the present state of two runs that read the same messages");
        duck.Rows(queries[1]).ShouldNotBeNull();
        duck.Rows(queries[2]).ShouldBeEmpty("every conversation is complete");
    }

    [Theory]
    [InlineData(KapsoOptions.Section, typeof(KapsoOptions))]
    [InlineData(ArchiveOptions.Section, typeof(ArchiveOptions))]
    [InlineData(ApiOptions.Section, typeof(ApiOptions))]
    [InlineData(ServeOptions.Section, typeof(ServeOptions))]
    public void Its_table_names_each_setting_and_no_other(string section, Type options)
    {
        IEnumerable<string> documented = Setting().Matches(Text).Select(m => m.Groups[1].Value).Where(s => s.StartsWith(section + ":", StringComparison.Ordinal));

        documented.Distinct().ShouldBe(options.GetProperties().Select(p => $"{section}:{p.Name}"), ignoreOrder: true);
    }

    [Fact]
    public void Its_table_names_each_package_of_the_projects()
    {
        IEnumerable<string> packages = Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Append(Repository.File("Directory.Build.props"))
            .SelectMany(file => Package().Matches(File.ReadAllText(file))).Select(m => m.Groups[1].Value);

        packages.Distinct().Where(p => !Text.Contains(p)).ShouldBeEmpty();
    }

    [GeneratedRegex("```sql\n(?<sql>.*?)```", RegexOptions.Singleline)]
    private static partial Regex SqlBlock();

    [GeneratedRegex("`((?:Kapso|Archive|Api|Serve):[A-Za-z]+)`")]
    private static partial Regex Setting();

    [GeneratedRegex("<PackageReference Include=\"([^\"]+)\"")]
    private static partial Regex Package();
}
