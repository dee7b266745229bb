namespace KapsoArchive.Tests.Infra;

/// <summary>The vault, and that the key is nowhere else.</summary>
public sealed class VaultRuleTests
{
    private const string Vaults = "Microsoft.KeyVault/vaults";

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Secrets_deleted_from_the_vault_cannot_be_purged(string environment)
    {
        PredictedResource vault = Snapshot.Of(environment).Sole(Vaults);

        vault.Text("properties.enablePurgeProtection").ShouldBe("true");
        vault.Text("properties.enableSoftDelete").ShouldBe("true");
        int.Parse(vault.Text("properties.softDeleteRetentionInDays")!).ShouldBe(90);
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Only_roles_give_access_to_the_vault(string environment)
    {
        PredictedResource vault = Snapshot.Of(environment).Sole(Vaults);

        vault.Text("properties.enableRbacAuthorization").ShouldBe("true");
        vault.List("properties.accessPolicies").ShouldBeEmpty();
        foreach (string door in (string[])["enabledForDeployment", "enabledForDiskEncryption", "enabledForTemplateDeployment"])
            vault.Text($"properties.{door}").ShouldBe("false");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_key_comes_as_a_secure_parameter_and_goes_into_the_vault(string environment) =>
        Snapshot.Of(environment).Sole($"{Vaults}/secrets").Text("properties.value").ShouldBe("[parameters('kapsoApiKey')]");

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_app_gets_the_key_as_a_reference_to_the_vault(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        string secret = snapshot.Sole($"{Vaults}/secrets").Name.Split('/')[^1];

        ArmExpression.Resolve(snapshot.AppSettings["Kapso__ApiKey"]!.GetValue<string>())
            .ShouldBe($"@Microsoft.KeyVault(SecretUri=https://{snapshot.Sole(Vaults).Name}.vault.azure.net/secrets/{secret}/)");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void No_output_contains_a_secret(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);

        snapshot.Outputs.Select(output => output.Key).ShouldBe(
            ["ARCHIVE_ACCOUNT_NAME", "ARCHIVE_APP_NAME", "ARCHIVE_DESTINATION", "ARCHIVE_SECRET_NAME", "ARCHIVE_VAULT_NAME", "AZURE_RESOURCE_GROUP"], ignoreOrder: true);
        snapshot.Outputs.ShouldAllBe(output => !output.Value!.ToJsonString().Contains("reference(") && !output.Value.ToJsonString().Contains("parameters("));
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void No_template_requests_an_account_key(string environment)
    {
        string text = Snapshot.Of(environment).Text;

        foreach (string trace in (string[])["listKeys(", "listAccountSas", "listServiceSas", "listCredentials", "AccountKey=", "SharedAccessSignature="])
            text.ShouldNotContain(trace);
    }
}
