namespace KapsoArchive.Tests.Infra;

/// <summary>Who is told what, and from which source.</summary>
public sealed class AlertRuleTests
{
    private const string LogRules = "Microsoft.Insights/scheduledQueryRules";

    private static readonly string[] KindsOfAlert = [LogRules, "Microsoft.Insights/activityLogAlerts", "Microsoft.Insights/metricAlerts"];

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_dead_man_alert_waits_for_nights_in_the_state_container(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        string query = Query(snapshot, "no-night");

        query.ShouldStartWith("StorageBlobLogs\n");
        query.ShouldContain("ago(26h)");
        query.ShouldContain($"AccountName == '{snapshot.ArchiveAccount.Name}'");
        query.ShouldContain($"startswith_cs '/{snapshot.Container}-state/nights/'");
        query.ShouldContain("toint(StatusCode) == 201");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Each_alert_counts_the_emulated_rows_that_it_must_count_and_no_others(string environment) => AlertLogs.Faults(environment).ShouldBe("");

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_dead_man_alert_fires_on_an_empty_table_too(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        PredictedResource rule = Rule(snapshot, "no-night");
        var criterion = rule.List("properties.criteria.allOf").ShouldHaveSingleItem();

        // 'summarize' gives its one row over no rows only without 'by'.
        Query(snapshot, "no-night").TrimEnd().ShouldEndWith("| summarize Nights = count()");
        criterion["metricMeasureColumn"]!.GetValue<string>().ShouldBe("Nights");
        criterion["operator"]!.GetValue<string>().ShouldBe("LessThan");
        criterion["threshold"]!.GetValue<int>().ShouldBe(1);
        rule.Text("properties.windowSize").ShouldBe("P2D", "it must cover the 26 hours");
        rule.Text("properties.severity").ShouldBe("0");
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void A_given_up_run_raises_an_alert_from_the_queues_own_log(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        string query = Query(snapshot, "run-failed");

        query.ShouldStartWith("StorageQueueLogs\n");
        query.ShouldContain($"AccountName == '{snapshot.HostAccount.Name}'");
        query.ShouldContain("startswith '/archive-runs-poison/'");
        snapshot.All("Microsoft.Storage/storageAccounts/queueServices/queues").ShouldContain(q => q.Name.EndsWith("/archive-runs-poison"));
        snapshot.All("Microsoft.Insights/diagnosticSettings").Single(s => s.Scope == $"{snapshot.HostAccount.Id}/queueServices/default")
            .List("properties.logs").ShouldContain(log => log["category"]!.GetValue<string>() == "StorageWrite" && log["enabled"]!.GetValue<bool>());
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void An_error_of_the_app_raises_an_alert(string environment) => Query(Snapshot.Of(environment), "errors").ShouldContain("SeverityLevel >= 3");

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Damage_that_a_night_finds_raises_an_alert(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);

        Query(snapshot, "damage").ShouldContain("Message startswith 'The archive is damaged:'");
        Rule(snapshot, "damage").Text("properties.severity").ShouldBe("1");
    }

    [Theory, InlineData("prod")]
    public void Tampering_raises_an_alert(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        string query = Query(snapshot, "tampering");

        query.ShouldContain($"AccountName == '{snapshot.ArchiveAccount.Name}'");
        query.ShouldContain($"startswith '/{snapshot.Container}/'");
        foreach (string trace in (string[])["'Immutable'", "'StorageDelete'", "'AccountKey'", "'KeyBasedAuthenticationNotPermitted'"])
            query.ShouldContain(trace);
    }

    [Theory, InlineData("prod")]
    public void A_key_read_by_anyone_but_the_app_raises_an_alert(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        string query = Query(snapshot, "key-read");

        query.ShouldContain($"/vaults/{snapshot.Sole("Microsoft.KeyVault/vaults").Name}");
        query.ShouldContain("SecretGet");
        query.ShouldContain($"'{{app}}', reference('{snapshot.Sole("Microsoft.ManagedIdentity/userAssignedIdentities").Id}', '2024-11-30').principalId");
    }

    [Theory, InlineData("prod")]
    public void Removing_a_safeguard_raises_an_alert(string environment)
    {
        string condition = Snapshot.Of(environment).Sole("Microsoft.Insights/activityLogAlerts").Text("properties.condition")!;

        foreach (string operation in (string[])["immutabilityPolicies/delete", "immutabilityPolicies/write", "locks/delete", "listKeys/action", "diagnosticSettings/delete", "scheduledQueryRules/delete"])
            condition.ShouldContain(operation);
    }

    [Theory, InlineData("prod")]
    public void An_app_that_is_not_ready_raises_an_alert(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        PredictedResource test = snapshot.Sole("Microsoft.Insights/webtests");

        test.Text("properties.Enabled").ShouldBe("true");
        test.Text("properties.Request.RequestUrl").ShouldNotBeNull().ShouldStartWith("[format('https://{0}/api/health/ready', ");
        test.Text("properties.ValidationRules.ExpectedHttpStatusCode").ShouldBe("200");
        snapshot.Sole("Microsoft.Insights/metricAlerts").Text("properties.criteria.webTestId").ShouldBe(test.Id);
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void Every_alert_is_enabled_and_notifies_someone(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        PredictedResource group = snapshot.Sole("Microsoft.Insights/actionGroups");
        List<PredictedResource> alerts = [.. snapshot.Resources.Where(r => KindsOfAlert.Contains(r.Type))];

        alerts.Count.ShouldBeGreaterThanOrEqualTo(3);
        alerts.ShouldAllBe(a => a.Text("properties.enabled") == "true" && a.Text("properties.actions")!.Contains(group.Id));
        group.List("properties.emailReceivers").ShouldNotBeEmpty();
    }

    [Theory, InlineData("prod")]
    public void A_month_that_costs_too_much_raises_an_alert(string environment) =>
        Snapshot.Of(environment).Sole("Microsoft.Consumption/budgets").Text("properties.notifications.spent.enabled").ShouldBe("true");

    private static PredictedResource Rule(Snapshot snapshot, string name)
    {
        PredictedResource? rule = snapshot.Named(LogRules).SingleOrDefault(r => r.Name == name);
        rule.ShouldNotBeNull($"there is no alert {name}");
        rule.List("properties.scopes").Select(s => s.GetValue<string>()).ShouldBe([snapshot.Sole("Microsoft.OperationalInsights/workspaces").Id]);
        return rule;
    }

    private static string Query(Snapshot snapshot, string name) =>
        Rule(snapshot, name).List("properties.criteria.allOf").ShouldHaveSingleItem()["query"]!.GetValue<string>();
}
