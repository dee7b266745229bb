namespace KapsoArchive.Tests.Infra;

/// <summary>Who may do what: the whole table, and nothing besides.</summary>
public sealed class RoleRuleTests
{
    private const string BlobDataContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_app_has_exactly_these_roles(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        string host = snapshot.HostAccount.Id;
        string data = snapshot.DataContainerId;

        snapshot.All("Microsoft.Authorization/roleAssignments").Select(a => (Role(a), a.Scope)).ShouldBe(
            [
                ("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", host), // Storage Blob Data Owner
                ("974c5e8b-45b9-4653-ba55-5f855dd0fb88", host), // Storage Queue Data Contributor
                ("0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", host), // Storage Table Data Contributor
                (BlobDataContributor, data),
                (BlobDataContributor, $"{data}-state"),
                (BlobDataContributor, $"{data}-exports"),
                ("db58b8e5-c6ad-4a2a-8342-4190687cbf4a", snapshot.ArchiveAccount.Id), // Storage Blob Delegator
                ("3913510d-42f4-4e42-8a64-420c390055eb", snapshot.Sole("Microsoft.Insights/components").Id), // Monitoring Metrics Publisher
                ("4633458b-17de-408a-b874-0445c86b69e6", snapshot.Sole("Microsoft.KeyVault/vaults").Id), // Key Vault Secrets User
            ],
            ignoreOrder: true);
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Every_role_belongs_to_the_identity(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        string identity = snapshot.Sole("Microsoft.ManagedIdentity/userAssignedIdentities").Id;

        snapshot.All("Microsoft.Authorization/roleAssignments").ShouldAllBe(a =>
            a.Text("properties.principalId") == $"[reference('{identity}', '2024-11-30').principalId]" && a.Text("properties.principalType") == "ServicePrincipal");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_name_of_every_role_assignment_is_known_before_the_deployment(string environment) =>
        Snapshot.Of(environment).All("Microsoft.Authorization/roleAssignments").ShouldAllBe(a => IsGuid(a.Name));

    private static bool IsGuid(string name) => Guid.TryParse(name, out _);

    private static string Role(PredictedResource assignment) => assignment.Text("properties.roleDefinitionId")!.Split('/')[^1];
}
