using System.Text.RegularExpressions;
using KapsoArchive.Cli.Serve;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake.Views;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Documents;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.House;

/// <summary>What the README, and the tables that it leads to, say must be so.</summary>
public sealed partial class ReadmeTests
{
    private static readonly MarkdownPage Page = MarkdownPage.Of("README.md");

    [Fact]
    public void The_README_is_short_and_has_the_two_commands()
    {
        Page.Text.Split('\n').Length.ShouldBeLessThanOrEqualTo(151);
        string first = Page.Blocks("sh").First();
        first.ShouldContain("dotnet run --project src/KapsoArchive.Cli -- demo");
        first.ShouldContain("dotnet test --project tests/KapsoArchive.Tests");
    }

    [Theory]
    [InlineData("docs/command-line.md")]
    [InlineData("infra/README.md")]
    [InlineData("docs/queries.md")]
    [InlineData("docs/operating.md#no-night")]
    public void The_README_links_to_running_deploying_querying_and_the_dead_man_alert(string target) => Page.Targets.ShouldContain(target);

    [Fact]
    public async Task The_query_in_the_README_runs()
    {
        using var folder = new TemporaryFolder();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 5, Messages = 300 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(folder.File("lake")));
        await harness.RunAsync();
        await harness.RunAsync();
        using var duck = new DuckDb();

        duck.Execute(ViewScript.For(LakeEngine.DuckDb, new LakeLocation(folder.File("lake"))));

        duck.Rows(Page.Blocks("sql").ShouldHaveSingleItem().TrimEnd().TrimEnd(';')).Sum(row => (long)row[2]!).ShouldBe(300, "the present state of two runs that read the same messages");
    }

    [Theory]
    [InlineData(KapsoOptions.Section, typeof(KapsoOptions))]
    [InlineData(ArchiveOptions.Section, typeof(ArchiveOptions))]
    [InlineData(ApiOptions.Section, typeof(ApiOptions), typeof(CallbackOptions))]
    [InlineData(ServeOptions.Section, typeof(ServeOptions))]
    public void The_settings_table_lists_exactly_the_existing_settings(string section, params Type[] options)
    {
        IEnumerable<string> documented = Setting().Matches(MarkdownPage.Of("docs/settings.md").Text).Select(m => m.Groups[1].Value).Where(s => s.StartsWith(section + ":", StringComparison.Ordinal));

        documented.Distinct().ShouldBe(options.SelectMany(o => o.GetProperties()).Select(p => $"{section}:{p.Name}"), ignoreOrder: true);
    }

    [Fact]
    public void The_dependency_table_lists_every_package()
    {
        IEnumerable<string> packages = ((string[])["src", "tests"])
            .SelectMany(folder => Directory.EnumerateFiles(Repository.File(folder), "*.csproj", SearchOption.AllDirectories))
            .Append(Repository.File("Directory.Build.props"))
            .SelectMany(file => Package().Matches(File.ReadAllText(file))).Select(m => m.Groups[1].Value);

        string table = MarkdownPage.Of("docs/dependencies.md").Text;
        packages.Distinct().Where(p => !table.Contains(p)).ShouldBeEmpty();
    }

    [GeneratedRegex("`((?:Kapso|Archive|Api|Serve):[A-Za-z]+)`")]
    private static partial Regex Setting();

    [GeneratedRegex("<PackageReference Include=\"([^\"]+)\"")]
    private static partial Regex Package();
}
