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
    public void There_are_four_workflows() => Workflows.Select(workflow => workflow.Data).ShouldBe(["build.yml", "infra.yml", "deploy.yml", "weekly.yml"], ignoreOrder: true);

    [Theory, MemberData(nameof(Paths))]
    public void Everything_that_a_workflow_calls_exists(string path)
    {
        (File.Exists(Repository.File(path)) || Directory.Exists(Repository.File(path))).ShouldBeTrue($"{path} does not exist");
    }

    [Fact]
    public void The_gate_is_executable()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps no such bit.");
#pragma warning disable CA1416 // Skipped above.
        File.GetUnixFileMode(Repository.File("infra", "gate")).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
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
    public void A_workflow_has_read_permission_and_no_secrets(string workflow)
    {
        string text = Text(workflow);

        text.ShouldContain("permissions:\n  contents: read\n");
        text.ShouldNotContain("secrets.");
        text.Contains("id-token: write").ShouldBe(workflow == "deploy.yml");
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

    [GeneratedRegex(@"jq -r \.(?<name>\w+)\.value", RegexOptions.ExplicitCapture)]
    private static partial Regex Output();
}
