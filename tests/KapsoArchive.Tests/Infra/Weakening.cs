namespace KapsoArchive.Tests.Infra;

/// <summary>An edit that makes the templates less safe, and the rule that must notice it.</summary>
public sealed record Weakening(string File, string Sound, string Weak, Action<string> Rule)
{
    private static readonly StorageRuleTests Storage = new();
    private static readonly VaultRuleTests Vault = new();
    private static readonly AppRuleTests App = new();
    private static readonly RoleRuleTests Roles = new();
    private static readonly MonitoringRuleTests Monitoring = new();
    private static readonly AlertRuleTests Alerts = new();
    private static readonly NetworkRuleTests Network = new();
    private static readonly SettingsTests Settings = new();

    public static IReadOnlyDictionary<string, Weakening> All { get; } = new Dictionary<string, Weakening>
    {
        ["shared keys on, archive"] = new("modules/archiveStorage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", Storage.No_account_key_and_no_local_user_opens_anything),
        ["shared keys on, host"] = new("modules/hostStorage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", Storage.No_account_key_and_no_local_user_opens_anything),
        ["TLS 1.0 at storage"] = new("modules/archiveStorage.bicep", "'TLS1_2'", "'TLS1_0'", Storage.An_account_speaks_TLS_1_2_at_least),
        ["TLS 1.0 at the app"] = new("modules/functionApp.bicep", " minTlsVersion: '1.2'", " minTlsVersion: '1.0'", App.The_app_and_its_deployment_speak_TLS_1_2_at_least),
        ["http at storage"] = new("modules/archiveStorage.bicep", "supportsHttpsTrafficOnly: true", "supportsHttpsTrafficOnly: false", Storage.An_account_speaks_https_only),
        ["http at the app"] = new("modules/functionApp.bicep", "httpsOnly: true", "httpsOnly: false", App.The_app_speaks_https_only),
        ["public blobs"] = new("modules/archiveStorage.bicep", "allowBlobPublicAccess: false", "allowBlobPublicAccess: true", Storage.Nothing_can_be_made_public),
        ["a public container"] = new("modules/archiveStorage.bicep", "name: '${storage.container}-exports'\n      properties: { publicAccess: 'None' }", "name: '${storage.container}-exports'\n      properties: { publicAccess: 'Blob' }", Storage.Nothing_can_be_made_public),
        ["copies to anywhere"] = new("modules/archiveStorage.bicep", "allowedCopyScope: 'AAD'\n", "", Storage.Nothing_is_copied_out_of_the_tenant),
        ["no soft delete"] = new("modules/archiveStorage.bicep", "deleteRetentionPolicy: { enabled: true, days: storage.softDeleteDays }\n      container", "deleteRetentionPolicy: { enabled: false }\n      container", Storage.What_is_deleted_can_be_brought_back_for_a_week_at_least),
        ["no immutability policy"] = new("modules/archiveStorage.bicep", "if (storage.immutability.mode == 'Unlocked')", "if (false)", Storage.The_data_container_is_immutable_and_no_other),
        ["appending allowed"] = new("modules/archiveStorage.bicep", "allowProtectedAppendWrites: false", "allowProtectedAppendWrites: true", Storage.The_data_container_is_immutable_and_no_other),
        ["no delete lock"] = new("modules/archiveStorage.bicep", "if (storage.deleteLock)", "if (false)", Storage.The_archive_cannot_be_deleted_by_a_slip),
        ["a role on the whole account"] = new("modules/archiveStorage.bicep", "  scope: account::blobs::data\n", "  scope: account\n", Roles.The_app_holds_these_roles_and_no_other),
        ["owner instead of contributor"] = new("modules/hostStorage.bicep", "974c5e8b-45b9-4653-ba55-5f855dd0fb88", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", Roles.The_app_holds_these_roles_and_no_other),
        ["purge protection off"] = new("modules/keyVault.bicep", "    enablePurgeProtection: true\n", "", Vault.What_is_deleted_from_the_vault_cannot_be_purged),
        ["access policies instead of roles"] = new("modules/keyVault.bicep", "enableRbacAuthorization: true", "enableRbacAuthorization: false", Vault.The_vault_is_opened_by_roles_alone),
        ["the key as a plain setting"] = new("modules/functionApp.bicep", "'@Microsoft.KeyVault(SecretUri=https://${names.vault}${environment().suffixes.keyvaultDns}/secrets/${names.secret}/)'", "'k-1234567890'", Vault.The_app_gets_the_key_as_a_reference_to_the_vault),
        ["an account key in an output"] = new("main.bicep", "output ARCHIVE_APP_NAME string = names.app", "output ARCHIVE_APP_NAME string = listKeys(resourceId(subscription().subscriptionId, group.name, 'Microsoft.Storage/storageAccounts', names.hostAccount), '2025-06-01').keys[0].value", Vault.No_account_key_is_asked_for_anywhere),
        ["a password for deployments"] = new("modules/functionApp.bicep", "name: 'scm'\n    properties: { allow: false }", "name: 'scm'\n    properties: { allow: true }", App.No_password_publishes_anything),
        ["local authentication at Application Insights"] = new("modules/monitoring.bicep", "DisableLocalAuth: true", "DisableLocalAuth: false", Monitoring.Telemetry_is_written_by_identities_alone),
        ["local authentication at the workspace"] = new("modules/monitoring.bicep", "disableLocalAuth: true", "disableLocalAuth: false", Monitoring.Telemetry_is_written_by_identities_alone),
        ["a vault without logs"] = new("modules/keyVault.bicep", "category: 'AuditEvent', enabled: true", "category: 'AuditEvent', enabled: false", Monitoring.Every_resource_that_has_logs_sends_them_to_the_workspace),
        ["no log of deletions"] = new("modules/archiveStorage.bicep", "      { category: 'StorageDelete', enabled: true }\n", "", Monitoring.Every_request_to_the_archive_is_logged),
        ["no dead-man alert"] = new("modules/alerts.bicep", "[noManifest, runFailed, errors]", "[runFailed, errors]", Alerts.The_dead_man_alert_waits_for_manifests_in_the_data_container),
        ["a dead-man alert that looks elsewhere"] = new("modules/alerts.bicep", "'/{container}/_manifests/'", "'/{container}-state/_manifests/'", Alerts.The_dead_man_alert_waits_for_manifests_in_the_data_container),
        ["a dead-man alert that an empty table silences"] = new("modules/alerts.bicep", "summarize Manifests = count()", "summarize Manifests = count() by AccountName", Alerts.The_dead_man_alert_fires_over_an_empty_table_too),
        ["tampering watched by nobody"] = new("prod.bicepparam", "tamperingAlerts: true", "tamperingAlerts: false", Alerts.Tampering_is_told),
        ["alerts that tell nobody"] = new("modules/logRule.bicep", "actionGroups: [actionGroup.id]", "actionGroups: []", Alerts.Every_alert_is_on_and_tells_somebody),
        ["the archive open to the internet"] = new("modules/archiveStorage.bicep", "defaultAction: isPrivate ? 'Deny' : 'Allow'", "defaultAction: 'Allow'", Network.Storage_and_vault_answer_nobody_on_the_internet),
        ["a setting that the program does not know"] = new("modules/functionApp.bicep", "Kapso__RateShare:", "Kapso__ShareOfRate:", Settings.Every_setting_of_the_app_is_one_that_the_program_knows),
        ["a value that the program refuses"] = new("prod.bicepparam", "sliceDuration: '00:08:00'", "sliceDuration: '08:00:00'", Settings.The_program_accepts_the_values),
    };
}
