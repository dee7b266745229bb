using System.Text.RegularExpressions;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Infra;

/// <summary>The workflows cannot run here: what they call must exist, and what they use must be what it was.</summary>
public sealed partial class WorkflowTests
{
    private const string FunctionApp = "src/KapsoArchive.Functions";

    public static TheoryData<string> Workflows => new(Directory.EnumerateFiles(Repository.File(".github", "workflows")).Select(file => Path.GetFileName(file)));

    public static TheoryData<string> Paths => new(
        Workflows.SelectMany(workflow => PathInRepository().Matches(Text(workflow.Data)).Select(m => m.Value))
            .SelectMany(path => (string[])[path.Replace("$ENVIRONMENT", "dev"), path.Replace("$ENVIRONMENT", "prod")])
            .Append(FunctionApp).Distinct());

    [Fact]
    public void There_are_five_workflows() =>
        Workflows.Select(workflow => workflow.Data).ShouldBe(["build.yml", "infra.yml", "deploy.yml", "release.yml", "weekly.yml"], ignoreOrder: true);

    [Theory, MemberData(nameof(Paths))]
    public void Everything_that_a_workflow_calls_exists(string path)
    {
        (File.Exists(Repository.File(path)) || Directory.Exists(Repository.File(path))).ShouldBeTrue($"{path} does not exist");
    }

    [Theory, InlineData("infra/gate"), InlineData("infra/budget-start"), InlineData(".ci/release")]
    public void A_script_that_a_workflow_calls_is_executable(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps no such bit.");
#pragma warning disable CA1416 // Skipped above.
        File.GetUnixFileMode(Repository.File(script)).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
#pragma warning restore CA1416
    }

    [Theory, MemberData(nameof(Workflows))]
    public void An_action_is_pinned_to_a_commit_with_its_version_in_a_comment(string workflow)
    {
        List<string> uses = [.. Uses().Matches(Text(workflow)).Select(m => m.Groups["action"].Value)];

        uses.ShouldNotBeEmpty();
        uses.ShouldAllBe(action => Pinned().IsMatch(action));
    }

    [Theory, MemberData(nameof(Workflows))]
    public void A_workflow_has_read_permission_and_no_more_than_it_needs(string workflow)
    {
        string text = Text(workflow);

        text.ShouldContain("permissions:\n  contents: read\n");
        Write().Matches(text).Select(m => m.Groups["permission"].Value).ShouldBe(
            workflow switch
            {
                "deploy.yml" => ["id-token"],
                "release.yml" => ["contents", "id-token", "attestations"],
                _ => [],
            },
            ignoreOrder: true);
        Secret().Matches(text).Select(m => m.Groups["secret"].Value).ShouldBe(workflow == "deploy.yml" ? ["KAPSO_API_KEY"] : []);
    }

    [Fact]
    public void A_release_is_published_by_a_job_that_runs_nothing_of_the_project()
    {
        string text = Text("release.yml");
        string publish = text[text.IndexOf("\n  publish:\n", StringComparison.Ordinal)..];

        Write().Count(publish).ShouldBe(Write().Count(text), "only this job may write");
        publish.ShouldContain("needs: build");
        publish.ShouldContain("sha256sum --check SHA256SUMS");
        publish.ShouldContain("subject-checksums: release/SHA256SUMS");
        foreach (string code in (string[])["actions/checkout", "dotnet", ".ci/"])
            publish.ShouldNotContain(code);
    }

    [Theory, InlineData("build.yml", 2), InlineData("weekly.yml", 1)]
    public void Test_results_are_kept_also_of_a_failed_run(string workflow, int jobs)
    {
        string text = Text(workflow);

        Regex.Count(text, "--report-xunit-trx ").ShouldBe(jobs);
        Regex.Count(text, @"uses: actions/upload-artifact@.*\n +if: always\(\)").ShouldBe(jobs);
    }

    [Fact]
    public void The_deployment_passes_the_start_of_the_budget()
    {
        string text = Text("deploy.yml");

        text.IndexOf("ARCHIVE_BUDGET_START=$start", StringComparison.Ordinal).ShouldBeInRange(0, text.IndexOf("az deployment sub create", StringComparison.Ordinal));
        File.ReadAllText(Repository.File("azure.yaml")).ShouldContain("azd env set ARCHIVE_BUDGET_START \"$(date -u +%Y-%m-01)\"");
    }

    [Fact]
    public void Dependency_updates_cover_every_folder_that_npm_installs()
    {
        IEnumerable<string> folders = Directory.EnumerateFiles(Repository.File("tests", "node"), "package.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(file)!).Replace('\\', '/')).Where(folder => !folder.Contains("node_modules"));
        string text = File.ReadAllText(Repository.File(".github", "dependabot.yml"));

        folders.Select(folder => $"/{folder}").Where(folder => !Regex.IsMatch(text, $@"[\[ ]{Regex.Escape(folder)}[,\]]")).ShouldBeEmpty();
    }

    [Fact]
    public void The_deployment_reads_outputs_that_the_template_has()
    {
        IEnumerable<string> read = Output().Matches(Text("deploy.yml")).Select(m => m.Groups["name"].Value);

        read.ShouldBe(["AZURE_RESOURCE_GROUP", "ARCHIVE_APP_NAME"], ignoreOrder: true);
        read.Except(Snapshot.Of("prod").Outputs.Select(output => output.Key)).ShouldBeEmpty();
    }

    [Fact]
    public void Azd_publishes_the_project_to_the_app_that_carries_its_name()
    {
        string azd = File.ReadAllText(Repository.File("azure.yaml"));

        azd.ShouldContain($"project: {FunctionApp}\n");
        azd.ShouldContain("path: infra\n  module: main\n");
        Snapshot.Of("prod").Sole("Microsoft.Web/sites").Text("tags.azd-service-name").ShouldBe("archive");
        azd.ShouldContain("services:\n  archive:\n");
    }

    private static string Text(string workflow) => File.ReadAllText(Repository.File(".github", "workflows", workflow));

    [GeneratedRegex(@"(?<=[\s""(])(?:\.ci|infra|src|tests)/[\w.$/-]*\w")]
    private static partial Regex PathInRepository();

    [GeneratedRegex(@"uses: (?<action>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Uses();

    [GeneratedRegex(@"^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"^ +(?<permission>[\w-]+): write$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Write();

    [GeneratedRegex(@"secrets\.(?<secret>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Secret();

    [GeneratedRegex(@"jq -r \.(?<name>\w+)\.value", RegexOptions.ExplicitCapture)]
    private static partial Regex Output();
}
