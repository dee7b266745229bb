namespace KapsoArchive.Tests.Infra;

/// <summary>What the committed snapshots do not show, because it is asked for at the deployment.</summary>
public sealed class OptionTests(BicepServer bicep) : IClassFixture<BicepServer>
{
    [Fact]
    public async Task A_group_of_readers_reads_the_data_container_and_nothing_else()
    {
        const string Group = "33333333-3333-3333-3333-333333333333";
        using EditedTemplates templates = new(bicep);
        templates.Replace("prod.bicepparam", "readEnvironmentVariable('ARCHIVE_READER_GROUP', '')", $"'{Group}'");

        Snapshot snapshot = Snapshot.Of(await templates.SnapshotOfProdAsync(TestContext.Current.CancellationToken));

        PredictedResource added = snapshot.All("Microsoft.Authorization/roleAssignments").Where(a => a.Text("properties.principalId") == Group).ShouldHaveSingleItem();
        added.Scope.ShouldBe(snapshot.DataContainerId);
        added.Text("properties.roleDefinitionId").ShouldNotBeNull().ShouldEndWith("/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1");
        added.Text("properties.principalType").ShouldBe("Group");
    }

    [Fact]
    public async Task A_manually_locked_policy_is_left_unchanged()
    {
        using EditedTemplates templates = new(bicep);
        templates.Replace("prod.bicepparam", "readEnvironmentVariable('ARCHIVE_POLICY_LOCKED', 'false')", "'true'");

        Snapshot snapshot = Snapshot.Of(await templates.SnapshotOfProdAsync(TestContext.Current.CancellationToken));

        snapshot.Named("Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies").ShouldBeEmpty();
        snapshot.Sole("Microsoft.Authorization/locks").ShouldNotBeNull();
    }

    [Fact]
    public async Task Only_the_office_can_reach_the_private_archive()
    {
        using EditedTemplates templates = new(bicep);
        templates.Replace("prod.bicepparam", "archiveReachableFrom: []", "archiveReachableFrom: ['203.0.113.7']");

        Snapshot snapshot = Snapshot.Of(await templates.SnapshotOfProdAsync(TestContext.Current.CancellationToken));

        snapshot.ArchiveAccount.Text("properties.publicNetworkAccess").ShouldBe("Enabled");
        snapshot.ArchiveAccount.Text("properties.networkAcls.defaultAction").ShouldBe("Deny");
        snapshot.ArchiveAccount.List("properties.networkAcls.ipRules").ShouldHaveSingleItem()["value"]!.GetValue<string>().ShouldBe("203.0.113.7");
        snapshot.HostAccount.Text("properties.publicNetworkAccess").ShouldBe("Disabled");
    }
}
