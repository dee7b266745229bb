using System.Text.Json.Nodes;

namespace KapsoArchive.Tests.Infra;

/// <summary>Private networking, which prod has.</summary>
public sealed class NetworkRuleTests
{
    [Theory, InlineData("prod")]
    public void Storage_and_vault_are_closed_to_the_internet(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        List<PredictedResource> closed = [.. snapshot.All("Microsoft.Storage/storageAccounts"), snapshot.Sole("Microsoft.KeyVault/vaults")];

        closed.ShouldAllBe(r => r.Text("properties.publicNetworkAccess") == "Disabled");
        closed.ShouldAllBe(r => r.Text("properties.networkAcls.defaultAction") == "Deny");
    }

    [Theory, InlineData("prod")]
    public void Each_service_of_the_app_has_a_named_private_endpoint(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        IReadOnlyList<PredictedResource> endpoints = snapshot.All("Microsoft.Network/privateEndpoints");

        endpoints.Select(e => e.List("properties.privateLinkServiceConnections").ShouldHaveSingleItem()["properties"]!)
            .Select(p => (p["privateLinkServiceId"]!.GetValue<string>(), p["groupIds"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>())).ShouldBe(
            [
                (snapshot.HostAccount.Id, "blob"),
                (snapshot.HostAccount.Id, "queue"),
                (snapshot.HostAccount.Id, "table"),
                (snapshot.ArchiveAccount.Id, "blob"),
                (snapshot.ArchiveAccount.Id, "dfs"),
                (snapshot.Sole("Microsoft.KeyVault/vaults").Id, "vault"),
            ],
            ignoreOrder: true);
        snapshot.All("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Select(g => g.Name.Split('/')[0]).ShouldBe(endpoints.Select(e => e.Name), ignoreOrder: true);
    }

    [Theory, InlineData("prod")]
    public void The_app_leaves_its_subnet_by_an_address_of_its_own(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        PredictedResource gateway = snapshot.Sole("Microsoft.Network/natGateways");
        JsonNode app = snapshot.Sole("Microsoft.Network/virtualNetworks").List("properties.subnets").Single(s => s["name"]!.GetValue<string>() == "app")["properties"]!;

        app["natGateway"].ShouldNotBeNull()["id"]!.GetValue<string>().ShouldBe(gateway.Id);
        app["defaultOutboundAccess"]!.GetValue<bool>().ShouldBeFalse();
        gateway.List("properties.publicIpAddresses").ShouldHaveSingleItem()["id"]!.GetValue<string>().ShouldBe(snapshot.Sole("Microsoft.Network/publicIPAddresses").Id);
    }

    [Theory, InlineData("prod")]
    public void The_app_runs_in_its_delegated_subnet(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        PredictedResource network = snapshot.Sole("Microsoft.Network/virtualNetworks");

        snapshot.Sole("Microsoft.Web/sites").Text("properties.virtualNetworkSubnetId").ShouldBe($"{network.Id}/subnets/app");
        network.List("properties.subnets").Single(s => s["name"]!.GetValue<string>() == "app")["properties"]!["delegations"]!.ToJsonString().ShouldContain("Microsoft.App/environments");
        network.List("properties.subnets").ShouldAllBe(s => s["properties"]!["networkSecurityGroup"] != null);
    }
}
