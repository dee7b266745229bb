namespace KapsoArchive.Tests.Infra;

/// <summary>Prod has everything; dev has nothing that costs and that only prod needs.</summary>
public sealed class EnvironmentTests
{
    private static readonly string[] Everywhere =
    [
        "Microsoft.Authorization/roleAssignments",
        "Microsoft.Insights/actionGroups",
        "Microsoft.Insights/components",
        "Microsoft.Insights/diagnosticSettings",
        "Microsoft.Insights/scheduledQueryRules",
        "Microsoft.Insights/workbooks",
        "Microsoft.KeyVault/vaults",
        "Microsoft.KeyVault/vaults/secrets",
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        "Microsoft.OperationalInsights/workspaces",
        "Microsoft.Resources/resourceGroups",
        "Microsoft.Storage/storageAccounts",
        "Microsoft.Storage/storageAccounts/blobServices",
        "Microsoft.Storage/storageAccounts/blobServices/containers",
        "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies",
        "Microsoft.Storage/storageAccounts/managementPolicies",
        "Microsoft.Storage/storageAccounts/queueServices",
        "Microsoft.Storage/storageAccounts/queueServices/queues",
        "Microsoft.Storage/storageAccounts/tableServices",
        "Microsoft.Web/serverfarms",
        "Microsoft.Web/sites",
        "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
        "Microsoft.Web/sites/config",
    ];

    private static readonly string[] InProdAlone =
    [
        "Microsoft.Authorization/locks",
        "Microsoft.Consumption/budgets",
        "Microsoft.Insights/activityLogAlerts",
        "Microsoft.Insights/metricAlerts",
        "Microsoft.Insights/webtests",
        "Microsoft.Network/natGateways",
        "Microsoft.Network/networkSecurityGroups",
        "Microsoft.Network/privateDnsZones",
        "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
        "Microsoft.Network/privateEndpoints",
        "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        "Microsoft.Network/publicIPAddresses",
        "Microsoft.Network/virtualNetworks",
    ];

    [Fact]
    public void Prod_has_every_kind_of_resource() => Types("prod").ShouldBe(Everywhere.Concat(InProdAlone), ignoreOrder: true);

    [Fact]
    public void Dev_has_nothing_that_only_prod_needs()
    {
        Snapshot dev = Snapshot.Of("dev");

        Types("dev").ShouldBe(Everywhere, ignoreOrder: true);
        dev.ArchiveAccount.Text("sku.name").ShouldBe("Standard_LRS");
        dev.Named("Microsoft.Insights/scheduledQueryRules").Select(r => r.Name).ShouldBe(["no-night", "run-failed", "errors", "damage"], ignoreOrder: true);
        dev.Sole("Microsoft.OperationalInsights/workspaces").Text("properties.workspaceCapping.dailyQuotaGb").ShouldBe("1");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Every_taggable_resource_names_its_environment(string environment) =>
        Snapshot.Of(environment).Resources.Where(r => r.Json["location"] is not null).ShouldAllBe(r => r.Text("tags.azd-env-name") == environment);

    private static IEnumerable<string> Types(string environment) => Snapshot.Of(environment).Resources.Select(r => r.Type).Distinct();
}
