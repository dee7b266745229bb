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
        ["shared keys on, archive"] = new("modules/archiveStorage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", Storage.Account_keys_and_local_users_give_no_access),
        ["shared keys on, host"] = new("modules/hostStorage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", Storage.Account_keys_and_local_users_give_no_access),
        ["TLS 1.0 at storage"] = new("modules/archiveStorage.bicep", "'TLS1_2'", "'TLS1_0'", Storage.An_account_requires_at_least_TLS_1_2),
        ["TLS 1.0 at the app"] = new("modules/functionApp.bicep", " minTlsVersion: '1.2'", " minTlsVersion: '1.0'", App.The_app_and_its_deployment_require_at_least_TLS_1_2),
        ["http at storage"] = new("modules/archiveStorage.bicep", "supportsHttpsTrafficOnly: true", "supportsHttpsTrafficOnly: false", Storage.An_account_accepts_only_https),
        ["http at the app"] = new("modules/functionApp.bicep", "httpsOnly: true", "httpsOnly: false", App.The_app_accepts_only_https),
        ["public blobs"] = new("modules/archiveStorage.bicep", "allowBlobPublicAccess: false", "allowBlobPublicAccess: true", Storage.Nothing_can_be_made_public),
        ["a public container"] = new("modules/archiveStorage.bicep", "name: '${storage.container}-exports'\n      properties: { publicAccess: 'None' }", "name: '${storage.container}-exports'\n      properties: { publicAccess: 'Blob' }", Storage.Nothing_can_be_made_public),
        ["copies to anywhere"] = new("modules/archiveStorage.bicep", "allowedCopyScope: 'AAD'\n", "", Storage.Nothing_can_be_copied_out_of_the_tenant),
        ["no soft delete"] = new("modules/archiveStorage.bicep", "deleteRetentionPolicy: { enabled: true, days: storage.softDeleteDays }\n      container", "deleteRetentionPolicy: { enabled: false }\n      container", Storage.Deleted_data_can_be_restored_for_at_least_a_week),
        ["no immutability policy"] = new("modules/archiveStorage.bicep", "if (storage.immutability.mode == 'Unlocked')", "if (false)", Storage.Only_the_data_container_is_immutable),
        ["appending allowed"] = new("modules/archiveStorage.bicep", "allowProtectedAppendWrites: false", "allowProtectedAppendWrites: true", Storage.Only_the_data_container_is_immutable),
        ["no delete lock"] = new("modules/archiveStorage.bicep", "if (storage.deleteLock)", "if (false)", Storage.The_archive_cannot_be_deleted_by_accident),
        ["files that never cool"] = new("prod.bicepparam", ", mediaCoolAfterDays: 30", "", Storage.Files_cool_after_30_days_and_nothing_else_happens_to_them),
        ["files that are deleted with the exports"] = new("modules/archiveStorage.bicep", "prefixMatch: ['${storage.container}-exports/']", "prefixMatch: ['${storage.container}']", Storage.Files_cool_after_30_days_and_nothing_else_happens_to_them),
        ["a role on the whole account"] = new("modules/archiveStorage.bicep", "  scope: account::blobs::data\n", "  scope: account\n", Roles.The_app_has_exactly_these_roles),
        ["owner instead of contributor"] = new("modules/hostStorage.bicep", "974c5e8b-45b9-4653-ba55-5f855dd0fb88", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", Roles.The_app_has_exactly_these_roles),
        ["purge protection off"] = new("modules/keyVault.bicep", "    enablePurgeProtection: true\n", "", Vault.Secrets_deleted_from_the_vault_cannot_be_purged),
        ["access policies instead of roles"] = new("modules/keyVault.bicep", "enableRbacAuthorization: true", "enableRbacAuthorization: false", Vault.Only_roles_give_access_to_the_vault),
        ["the key as a plain setting"] = new("modules/functionApp.bicep", "'@Microsoft.KeyVault(SecretUri=https://${names.vault}${environment().suffixes.keyvaultDns}/secrets/${names.secret}/)'", "'k-1234567890'", Vault.The_app_gets_the_key_as_a_reference_to_the_vault),
        ["an account key in an output"] = new("main.bicep", "output ARCHIVE_APP_NAME string = names.app", "output ARCHIVE_APP_NAME string = listKeys(resourceId(subscription().subscriptionId, group.name, 'Microsoft.Storage/storageAccounts', names.hostAccount), '2025-06-01').keys[0].value", Vault.No_template_requests_an_account_key),
        ["a password for deployments"] = new("modules/functionApp.bicep", "name: 'scm'\n    properties: { allow: false }", "name: 'scm'\n    properties: { allow: true }", App.Publishing_with_a_password_is_disabled),
        ["local authentication at Application Insights"] = new("modules/monitoring.bicep", "DisableLocalAuth: true", "DisableLocalAuth: false", Monitoring.Telemetry_is_written_only_by_identities),
        ["local authentication at the workspace"] = new("modules/monitoring.bicep", "disableLocalAuth: true", "disableLocalAuth: false", Monitoring.Telemetry_is_written_only_by_identities),
        ["a vault without logs"] = new("modules/keyVault.bicep", "category: 'AuditEvent', enabled: true", "category: 'AuditEvent', enabled: false", Monitoring.Every_resource_that_has_logs_sends_them_to_the_workspace),
        ["no log of deletions"] = new("modules/archiveStorage.bicep", "      { category: 'StorageDelete', enabled: true }\n", "", Monitoring.Every_request_to_the_archive_is_logged),
        ["no dead-man alert"] = new("modules/alerts.bicep", "[noNight, runFailed, errors, damage]", "[runFailed, errors, damage]", Alerts.The_dead_man_alert_waits_for_nights_in_the_state_container),
        ["a dead-man alert that any run silences"] = new("modules/alerts.bicep", "'/{container}-state/nights/'", "'/{container}/_manifests/'", Alerts.Each_alert_counts_the_emulated_rows_that_it_must_count_and_no_others),
        ["a dead-man alert that a refused write silences"] = new("modules/alerts.bicep", " and toint(StatusCode) == 201", "", Alerts.Each_alert_counts_the_emulated_rows_that_it_must_count_and_no_others),
        ["a dead-man alert that reading silences"] = new("modules/alerts.bicep", "'PutBlockList') and toint(StatusCode) == 201", "'PutBlockList', 'GetBlob') and toint(StatusCode) < 300", Alerts.The_dead_man_alert_waits_for_nights_in_the_state_container),
        ["no alert on damage"] = new("modules/alerts.bicep", "errors, damage]", "errors]", Alerts.Damage_that_a_night_finds_raises_an_alert),
        ["an alert on damage that an incomplete night rings"] = new("modules/alerts.bicep", "and Message startswith 'The archive is damaged:'", "and Message startswith 'The '", Alerts.Each_alert_counts_the_emulated_rows_that_it_must_count_and_no_others),
        ["a dead-man alert that an empty table silences"] = new("modules/alerts.bicep", "summarize Nights = count()", "summarize Nights = count() by AccountName", Alerts.The_dead_man_alert_fires_on_an_empty_table_too),
        ["tampering watched by nobody"] = new("prod.bicepparam", "tamperingAlerts: true", "tamperingAlerts: false", Alerts.Tampering_raises_an_alert),
        ["alerts that tell nobody"] = new("modules/logRule.bicep", "actionGroups: [actionGroup.id]", "actionGroups: []", Alerts.Every_alert_is_enabled_and_notifies_someone),
        ["the archive open to the internet"] = new("modules/archiveStorage.bicep", "defaultAction: isPrivate ? 'Deny' : 'Allow'", "defaultAction: 'Allow'", Network.Storage_and_vault_are_closed_to_the_internet),
        ["an app without a way out"] = new("modules/network.bicep", "          natGateway: { id: outbound.id }\n", "", Network.The_app_leaves_its_subnet_by_an_address_of_its_own),
        ["a setting that the program does not know"] = new("modules/functionApp.bicep", "Kapso__RateShare:", "Kapso__ShareOfRate:", Settings.The_program_knows_every_setting_of_the_app),
        ["files that nobody fetches"] = new("prod.bicepparam", "media: 'all'", "media: 'none'", Settings.The_program_accepts_the_values),
        ["a value that the program refuses"] = new("prod.bicepparam", "sliceDuration: '00:08:00'", "sliceDuration: '08:00:00'", Settings.The_program_accepts_the_values),
    };
}
