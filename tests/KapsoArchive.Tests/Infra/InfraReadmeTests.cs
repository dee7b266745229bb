using System.Text.RegularExpressions;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Infra;

/// <summary>What infra/README.md says must be so.</summary>
public sealed partial class InfraReadmeTests
{
    private const string FunctionApp = "src/KapsoArchive.Functions";
    private static readonly string Text = File.ReadAllText(Repository.File("infra", "README.md"));

    [Fact]
    public void Its_commands_refer_to_existing_files()
    {
        List<string> paths = [.. PathInRepository().Matches(Text).Select(m => m.Value).Distinct()];

        paths.ShouldContain("infra/prod.bicepparam");
        paths.Where(path => path != FunctionApp && !File.Exists(Repository.File(path)) && !Directory.Exists(Repository.File(path))).ShouldBeEmpty();
    }

    [Fact]
    public void Each_way_to_deploy_takes_five_commands()
    {
        List<string[]> blocks = [.. ShellBlock().Matches(Text).Select(m => m.Groups["commands"].Value.Trim().Split('\n'))];

        blocks[0].Length.ShouldBe(5);
        blocks[0][^1].ShouldEndWith("azd up");
        blocks[1].Length.ShouldBe(5);
        blocks[1][0].ShouldBe("az login");
    }

    [Fact]
    public void It_names_each_variable_that_the_parameter_files_read()
    {
        IEnumerable<string> read = Directory.EnumerateFiles(Repository.File("infra"), "*.bicepparam")
            .SelectMany(file => Variable().Matches(File.ReadAllText(file))).Select(m => m.Groups["name"].Value).Distinct();

        // azd sets this one by itself.
        read.Except(["AZURE_ENV_NAME"]).Where(name => !Text.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Its_table_lists_exactly_the_alerts_of_prod()
    {
        string[] kinds = ["Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/activityLogAlerts", "Microsoft.Insights/metricAlerts"];
        string table = Text[Text.IndexOf("| alert |", StringComparison.Ordinal)..Text.IndexOf("The workbook", StringComparison.Ordinal)];

        AlertRow().Matches(table).Select(m => m.Groups["name"].Value).ShouldBe(Snapshot.Of("prod").Resources.Where(r => kinds.Contains(r.Type)).Select(r => r.Name), ignoreOrder: true);
    }

    [GeneratedRegex(@"(?<=[\s""(`])(?:\.github|infra|src|tests)/[\w./-]*\w")]
    private static partial Regex PathInRepository();

    [GeneratedRegex("```sh\n(?<commands>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>\w+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\| `(?<name>[\w-]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex AlertRow();
}
