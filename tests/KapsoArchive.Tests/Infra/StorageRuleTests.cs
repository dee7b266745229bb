namespace KapsoArchive.Tests.Infra;

/// <summary>Both storage accounts. <c>environment</c> is dev, prod, or the path of a weakened snapshot.</summary>
public sealed class StorageRuleTests
{
    private const string Accounts = "Microsoft.Storage/storageAccounts";
    private const string Containers = "Microsoft.Storage/storageAccounts/blobServices/containers";

    [Theory, InlineData("dev"), InlineData("prod")]
    public void An_account_requires_at_least_TLS_1_2(string environment) =>
        Snapshot.Of(environment).All(Accounts).ShouldAllBe(a => a.Text("properties.minimumTlsVersion") == "TLS1_2" || a.Text("properties.minimumTlsVersion") == "TLS1_3");

    [Theory, InlineData("dev"), InlineData("prod")]
    public void An_account_accepts_only_https(string environment) =>
        Snapshot.Of(environment).All(Accounts).ShouldAllBe(a => a.Text("properties.supportsHttpsTrafficOnly") == "true");

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Nothing_can_be_made_public(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);

        snapshot.All(Accounts).ShouldAllBe(a => a.Text("properties.allowBlobPublicAccess") == "false");
        snapshot.All(Containers).ShouldAllBe(c => c.Text("properties.publicAccess") == "None");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Account_keys_and_local_users_give_no_access(string environment)
    {
        IReadOnlyList<PredictedResource> accounts = Snapshot.Of(environment).All(Accounts);

        accounts.ShouldAllBe(a => a.Text("properties.allowSharedKeyAccess") == "false");
        accounts.ShouldAllBe(a => a.Text("properties.isLocalUserEnabled") == "false");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Nothing_can_be_copied_out_of_the_tenant(string environment)
    {
        IReadOnlyList<PredictedResource> accounts = Snapshot.Of(environment).All(Accounts);

        accounts.ShouldAllBe(a => a.Text("properties.allowCrossTenantReplication") == "false");
        accounts.ShouldAllBe(a => a.Text("properties.allowedCopyScope") == "AAD");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Deleted_data_can_be_restored_for_at_least_a_week(string environment)
    {
        IReadOnlyList<PredictedResource> services = Snapshot.Of(environment).All("Microsoft.Storage/storageAccounts/blobServices");

        services.Count.ShouldBe(2);
        foreach (string policy in (string[])["deleteRetentionPolicy", "containerDeleteRetentionPolicy"])
        {
            services.ShouldAllBe(s => s.Text($"properties.{policy}.enabled") == "true");
            services.ShouldAllBe(s => int.Parse(s.Text($"properties.{policy}.days") ?? "0") >= 7);
        }
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_archive_is_a_data_lake_encrypted_twice_and_the_host_is_apart(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);

        snapshot.All(Accounts).Count.ShouldBe(2);
        snapshot.ArchiveAccount.Text("properties.encryption.requireInfrastructureEncryption").ShouldBe("true");
        snapshot.HostAccount.Text("properties.isHnsEnabled").ShouldBeNull();
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_archive_has_three_containers(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);

        snapshot.All(Containers).Where(c => c.Id.StartsWith(snapshot.ArchiveAccount.Id, StringComparison.Ordinal)).Select(c => c.Name.Split('/')[^1])
            .ShouldBe([snapshot.Container, $"{snapshot.Container}-state", $"{snapshot.Container}-exports"], ignoreOrder: true);
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Only_the_data_container_is_immutable(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        PredictedResource policy = snapshot.Sole($"{Containers}/immutabilityPolicies");

        policy.Id.ShouldBe($"{snapshot.DataContainerId}/immutabilityPolicies/default");
        int.Parse(policy.Text("properties.immutabilityPeriodSinceCreationInDays")!).ShouldBeGreaterThan(0);
        policy.Text("properties.allowProtectedAppendWrites").ShouldBe("false");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Exports_expire_and_no_rule_deletes_messages_that_the_policy_holds(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        int held = int.Parse(snapshot.Sole($"{Containers}/immutabilityPolicies").Text("properties.immutabilityPeriodSinceCreationInDays")!);
        Dictionary<string, int> deleted = [];
        foreach (var rule in snapshot.Sole("Microsoft.Storage/storageAccounts/managementPolicies").List("properties.policy.rules"))
        {
            if (rule["definition"]!["actions"]!["baseBlob"]!["delete"] is { } delete)
            {
                foreach (var prefix in rule["definition"]!["filters"]!["prefixMatch"]!.AsArray())
                    deleted[prefix!.GetValue<string>()] = delete["daysAfterModificationGreaterThan"]!.GetValue<int>();
            }
        }

        deleted.ShouldContainKey($"{snapshot.Container}-exports/");
        deleted.Where(d => d.Key.StartsWith($"{snapshot.Container}/", StringComparison.Ordinal)).ShouldAllBe(d => d.Value > held);
    }

    [Theory, InlineData("prod")]
    public void Files_cool_after_30_days_and_nothing_else_happens_to_them(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        string files = $"{snapshot.Container}/_media/";

        var rule = snapshot.Sole("Microsoft.Storage/storageAccounts/managementPolicies").List("properties.policy.rules")
            .Where(rule => rule["definition"]!["filters"]!["prefixMatch"]!.AsArray().Any(prefix => files.StartsWith(prefix!.GetValue<string>(), StringComparison.Ordinal)))
            .ShouldHaveSingleItem();

        rule["definition"]!["filters"]!["prefixMatch"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldBe(files);
        rule["definition"]!["actions"]!["baseBlob"]!.ToJsonString().ShouldBe("""{"tierToCool":{"daysAfterModificationGreaterThan":30}}""");
    }

    [Theory, InlineData("prod")]
    public void The_archive_cannot_be_deleted_by_accident(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        PredictedResource held = snapshot.Sole("Microsoft.Authorization/locks");

        held.Scope.ShouldBe(snapshot.ArchiveAccount.Id);
        held.Text("properties.level").ShouldBe("CanNotDelete");
    }
}
