using System.Text.Json.Nodes;

namespace KapsoArchive.Tests.Infra;

/// <summary>The function app.</summary>
public sealed class AppRuleTests
{
    private const string Sites = "Microsoft.Web/sites";

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_app_accepts_only_https(string environment) => App(environment).Text("properties.httpsOnly").ShouldBe("true");

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_app_and_its_deployment_require_at_least_TLS_1_2(string environment)
    {
        App(environment).Text("properties.siteConfig.minTlsVersion").ShouldBeOneOf("1.2", "1.3");
        App(environment).Text("properties.siteConfig.scmMinTlsVersion").ShouldBeOneOf("1.2", "1.3");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Publishing_with_a_password_is_disabled(string environment)
    {
        IReadOnlyList<PredictedResource> doors = Snapshot.Of(environment).All($"{Sites}/basicPublishingCredentialsPolicies");

        doors.Select(d => d.Name.Split('/')[^1]).ShouldBe(["ftp", "scm"], ignoreOrder: true);
        doors.ShouldAllBe(d => d.Text("properties.allow") == "false");
        App(environment).Text("properties.siteConfig.ftpsState").ShouldBe("Disabled");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_app_uses_its_own_identity_everywhere(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        string identity = snapshot.Sole("Microsoft.ManagedIdentity/userAssignedIdentities").Id;
        PredictedResource app = snapshot.Sole(Sites);
        JsonObject settings = snapshot.AppSettings;

        app.Text("identity.type").ShouldBe("UserAssigned");
        app.Json["identity"]!["userAssignedIdentities"]!.AsObject().Select(i => i.Key).ShouldBe([identity]);
        app.Text("properties.keyVaultReferenceIdentity").ShouldBe(identity);
        app.Text("properties.functionAppConfig.deployment.storage.authentication.type").ShouldBe("UserAssignedIdentity");
        app.Text("properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId").ShouldBe(identity);
        settings["AzureWebJobsStorage__credential"]!.GetValue<string>().ShouldBe("managedidentity");
        settings["AzureWebJobsStorage__accountName"]!.GetValue<string>().ShouldBe(snapshot.HostAccount.Name);
        foreach (string setting in (string[])["AzureWebJobsStorage__clientId", "AZURE_CLIENT_ID"])
            settings[setting]!.GetValue<string>().ShouldBe($"[reference('{identity}', '2024-11-30').clientId]");
        settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]!.GetValue<string>().ShouldStartWith("[format('ClientId={0};Authorization=AAD', ");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void No_setting_contains_a_secret_connection_string(string environment)
    {
        JsonObject settings = Snapshot.Of(environment).AppSettings;

        settings.Select(s => s.Key).ShouldNotContain("AzureWebJobsStorage");
        settings.Select(s => s.Key).ShouldNotContain("Archive__ConnectionString");
        settings.Select(s => s.Key).ShouldNotContain("DEPLOYMENT_STORAGE_CONNECTION_STRING");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_app_runs_on_Flex_Consumption_with_NET_10_and_few_instances(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        PredictedResource app = snapshot.Sole(Sites);

        snapshot.Sole("Microsoft.Web/serverfarms").Text("sku.name").ShouldBe("FC1");
        app.Text("properties.functionAppConfig.runtime.name").ShouldBe("dotnet-isolated");
        app.Text("properties.functionAppConfig.runtime.version").ShouldBe("10.0");
        int.Parse(app.Text("properties.functionAppConfig.scaleAndConcurrency.maximumInstanceCount")!).ShouldBeInRange(1, 3, "the key's rate limit is the ceiling");
        app.List("properties.functionAppConfig.scaleAndConcurrency.alwaysReady").ShouldBeEmpty("an instance that waits costs money");
    }

    private static PredictedResource App(string environment) => Snapshot.Of(environment).Sole(Sites);
}
