namespace KapsoArchive.Tests.Infra;

/// <summary>What is logged, and where to.</summary>
public sealed class MonitoringRuleTests
{
    private static readonly string[] TypesThatLog =
    [
        "Microsoft.KeyVault/vaults",
        "Microsoft.Network/networkSecurityGroups",
        "Microsoft.Network/virtualNetworks",
        "Microsoft.OperationalInsights/workspaces",
        "Microsoft.Storage/storageAccounts/blobServices",
        "Microsoft.Storage/storageAccounts/queueServices",
        "Microsoft.Storage/storageAccounts/tableServices",
        "Microsoft.Web/sites",
    ];

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Telemetry_is_written_only_by_identities(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);

        snapshot.Sole("Microsoft.Insights/components").Text("properties.DisableLocalAuth").ShouldBe("true");
        snapshot.Sole("Microsoft.OperationalInsights/workspaces").Text("properties.features.disableLocalAuth").ShouldBe("true");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Every_resource_that_has_logs_sends_them_to_the_workspace(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        string workspace = snapshot.Sole("Microsoft.OperationalInsights/workspaces").Id;
        HashSet<string> logged = [.. snapshot.All("Microsoft.Insights/diagnosticSettings")
            .Where(s => s.Text("properties.workspaceId") == workspace && s.List("properties.logs").Any(log => log["enabled"]!.GetValue<bool>())).Select(s => s.Scope)];

        snapshot.Resources.Where(r => TypesThatLog.Contains(r.Type)).Select(r => r.Id).ShouldBe(logged, ignoreOrder: true);
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Every_request_to_the_archive_is_logged(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        PredictedResource setting = snapshot.All("Microsoft.Insights/diagnosticSettings").Single(s => s.Scope == $"{snapshot.ArchiveAccount.Id}/blobServices/default");

        setting.List("properties.logs").Where(log => log["enabled"]!.GetValue<bool>()).Select(log => log["category"]!.GetValue<string>())
            .ShouldBe(["StorageRead", "StorageWrite", "StorageDelete"], ignoreOrder: true);
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Reads_of_the_vault_are_logged_in_the_table_that_the_alert_queries(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        PredictedResource setting = snapshot.All("Microsoft.Insights/diagnosticSettings").Single(s => s.Scope == snapshot.Sole("Microsoft.KeyVault/vaults").Id);

        setting.Text("properties.logAnalyticsDestinationType").ShouldBe("Dedicated");
        setting.List("properties.logs").ShouldContain(log => log["category"]!.GetValue<string>() == "AuditEvent" && log["enabled"]!.GetValue<bool>());
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_workbook_shows_the_archive_of_this_deployment(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        string data = snapshot.Sole("Microsoft.Insights/workbooks").Text("properties.serializedData")!;

        data.ShouldContain($"AccountName == '{snapshot.ArchiveAccount.Name}'");
        data.ShouldContain($"startswith_cs '/{snapshot.Container}-state/nights/'");
        data.ShouldNotContain("{account}");
    }
}
