using KapsoArchive.Tests.Infra;

namespace KapsoArchive.Tests.Documents;

/// <summary>Whoever is woken by an alert finds what to do.</summary>
public sealed class OperatingGuideTests
{
    private static readonly string[] Kinds = ["Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/activityLogAlerts", "Microsoft.Insights/metricAlerts"];

    private static readonly MarkdownPage Page = MarkdownPage.Of("docs/operating.md");

    public static TheoryData<string> Alerts => new(Snapshot.Of("prod").Resources.Where(r => Kinds.Contains(r.Type)).Select(r => r.Name));

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Each_alert_has_its_meaning_where_to_look_what_to_do_and_a_test(string alert)
    {
        string section = Page.Section($"### {alert}");

        section.ShouldContain("**Means:** ");
        section.ShouldContain("**Look:** ");
        section.ShouldContain("**Do:** ");
        section.ShouldContain("**Test:** ");
    }

    [Fact]
    public void The_dead_man_alert_comes_first_and_every_alert_exists()
    {
        string[] named = [.. Page.Section("## Alerts").Split('\n').Where(line => line.StartsWith("### ", StringComparison.Ordinal)).Select(line => line[4..])];

        named[0].ShouldBe("no-night");
        named.ShouldBe(Alerts.Select(row => row.Data), ignoreOrder: true);
    }
}
