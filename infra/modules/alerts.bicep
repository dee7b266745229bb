metadata description = 'What is told at once. What matters is read from the platform\'s own logs, which no sampling thins and no wedged app keeps silent.'

import { logRuleType, namesType, tagsType } from '../types.bicep'

@description('The names of the resources.')
param names namesType

@description('Where.')
param location string

@description('Tags.')
param tags tagsType

@description('The data container of the archive account.')
param container string

@description('Whether tampering is watched.')
param watchTampering bool

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: names.identity
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: names.actionGroup
}

// Only a committed nightly run of the whole list writes below nights/: no run of a few ids, export or table log silences this.
// 'summarize' without 'by' gives its row over an empty table too: no log at all counts as no night.
var noNight logRuleType = {
  name: 'no-night'
  description: 'Dead man: for 26 hours no nightly run has been committed to the archive. Look at the newest run (status, or GET /api/runs), then at the queue and the timer. Fires once after the first deployment too, until the first night is committed.'
  severity: 0
  every: 'PT1H'
  over: 'P2D'
  query: replace(
    replace(
      '''
StorageBlobLogs
| where TimeGenerated > ago(26h) and AccountName == '{account}' and Category == 'StorageWrite'
| where OperationName in ('PutBlob', 'PutBlockList') and toint(StatusCode) == 201
| where tostring(parse_url(Uri).Path) startswith_cs '/{container}-state/nights/'
| summarize Nights = count()
''',
      '{account}',
      names.archiveAccount
    ),
    '{container}',
    container
  )
  measure: 'Nights'
  operator: 'LessThan'
  bound: 1
}

// The app puts a run that failed five times into the poison queue, as the runtime does with a message, and the account logs it: no telemetry is needed.
var runFailed logRuleType = {
  name: 'run-failed'
  description: 'A run failed five times and was given up. GET /api/runs tells which and why; the next night goes on from what was read.'
  severity: 1
  every: 'PT15M'
  over: 'PT1H'
  query: replace(
    '''
StorageQueueLogs
| where AccountName == '{account}' and OperationName == 'PutMessage' and toint(StatusCode) == 201
| where tostring(parse_url(Uri).Path) startswith '/archive-runs-poison/'
| summarize Poisoned = count()
''',
    '{account}',
    names.hostAccount
  )
  measure: 'Poisoned'
  operator: 'GreaterThan'
  bound: 0
}

// Sooner than the dead man where the app lives to tell it, such as a refused key. Nothing relies on it alone.
var errors logRuleType = {
  name: 'errors'
  description: 'The app logged an error: a run that failed without being retried (a refused key, a wrong setting), or a fault of the program.'
  severity: 2
  every: 'PT15M'
  over: 'PT1H'
  query: '''
union isfuzzy=true (AppTraces | where SeverityLevel >= 3), (AppExceptions | where SeverityLevel >= 3)
| summarize Errors = count()
'''
  measure: 'Errors'
  operator: 'GreaterThan'
  bound: 0
}

// The check of a share of the archive after each night (Archive:VerifySubset). A warning, so 'errors' does not see it.
var damage logRuleType = {
  name: 'damage'
  description: 'The check after a nightly run found files of the archive that are damaged or missing. kapso-archive verify names each, and what to do.'
  severity: 1
  every: 'PT15M'
  over: 'PT1H'
  query: '''
AppTraces
| where SeverityLevel >= 2 and Message startswith 'The archive is damaged:'
| summarize Damages = count()
'''
  measure: 'Damages'
  operator: 'GreaterThan'
  bound: 0
}

// The program only ever adds to the data container, and nobody holds an account key that works.
var tampering logRuleType = {
  name: 'tampering'
  description: 'Somebody tried to change or delete archived data, or used an account key. RequesterObjectId and CallerIpAddress in StorageBlobLogs tell who and from where. A run that was cut off while it published can cause refusals by the app\'s own identity.'
  severity: 1
  every: 'PT15M'
  over: 'PT1H'
  query: replace(
    replace(
      '''
StorageBlobLogs
| where AccountName == '{account}'
| extend Path = tostring(parse_url(Uri).Path)
| where (Path startswith '/{container}/' or Path == '/{container}') and (StatusText contains 'Immutable' or Category == 'StorageDelete')
    or AuthenticationType == 'AccountKey' or StatusText == 'KeyBasedAuthenticationNotPermitted'
| summarize Attempts = count()
''',
      '{account}',
      names.archiveAccount
    ),
    '{container}',
    container
  )
  measure: 'Attempts'
  operator: 'GreaterThan'
  bound: 0
}

var keyRead logRuleType = {
  name: 'key-read'
  description: 'Somebody other than the app read, copied or deleted a secret of the vault. AZKVAuditLogs tells who. If nobody knows why: rotate the Kapso key.'
  severity: 1
  every: 'PT15M'
  over: 'PT1H'
  query: replace(
    '''
AZKVAuditLogs
| where _ResourceId endswith '/vaults/{vault}' and OperationName in ('SecretGet', 'SecretBackup', 'SecretDelete', 'SecretPurge')
| where tostring(Identity) !contains '{app}'
| summarize Readings = count()
''',
    '{vault}',
    names.vault
  )
  measure: 'Readings'
  operator: 'GreaterThan'
  bound: 0
}

module rules 'logRule.bicep' = [
  for rule in concat([noNight, runFailed, errors, damage], watchTampering ? [tampering] : []): {
    params: { names: names, location: location, tags: tags, rule: rule }
  }
]

module keyReadRule 'logRule.bicep' = if (watchTampering) {
  params: { names: names, location: location, tags: tags, rule: keyRead, appId: identity.properties.principalId }
}

var guards = [
  'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies/write'
  'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies/delete'
  'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies/extend/action'
  'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies/lock/action'
  'Microsoft.Storage/storageAccounts/blobServices/containers/clearLegalHold/action'
  'Microsoft.Storage/storageAccounts/blobServices/containers/delete'
  'Microsoft.Storage/storageAccounts/managementPolicies/delete'
  'Microsoft.Storage/storageAccounts/listKeys/action'
  'Microsoft.Storage/storageAccounts/regenerateKey/action'
  'Microsoft.Storage/storageAccounts/delete'
  'Microsoft.Authorization/locks/delete'
  'Microsoft.Insights/diagnosticSettings/delete'
  'Microsoft.Insights/scheduledQueryRules/delete'
]

resource guardsChanged 'Microsoft.Insights/activityLogAlerts@2026-01-01' = if (watchTampering) {
  name: 'guards-changed'
  location: 'global'
  tags: tags
  properties: {
    description: 'Somebody took down or changed a guard of the archive, or asked for an account key. A deployment causes one by putting an immutability policy that is not locked yet.'
    enabled: true
    scopes: [resourceGroup().id]
    condition: {
      allOf: [
        { field: 'category', equals: 'Administrative' }
        { field: 'status', equals: 'Succeeded' }
        { anyOf: [for guard in guards: { field: 'operationName', equals: guard }] }
      ]
    }
    actions: { actionGroups: [{ actionGroupId: actionGroup.id }] }
  }
}
