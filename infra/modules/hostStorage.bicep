metadata description = 'The account of the Functions runtime: the app\'s package, the timer\'s state, the queue of runs. Apart from the archive, so that the runtime\'s broad roles end here.'

import { namesType, tagsType } from '../types.bicep'

@description('The names of the resources.')
param names namesType

@description('Where.')
param location string

@description('Tags.')
param tags tagsType

@description('Whether the account answers inside the virtual network only.')
param isPrivate bool

@description('Whether the account is copied to three zones of the region.')
param zoneRedundant bool

var roles = [
  {
    id: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
    why: 'Storage Blob Data Owner: the runtime keeps leases and the timer\'s state, and reads the package.'
  }
  { id: '974c5e8b-45b9-4653-ba55-5f855dd0fb88', why: 'Storage Queue Data Contributor: the queue of runs.' }
  { id: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3', why: 'Storage Table Data Contributor: the runtime keeps its diagnostic events.' }
]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: names.identity
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: names.workspace
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: names.hostAccount
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    allowedCopyScope: 'AAD'
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'AzureServices', defaultAction: isPrivate ? 'Deny' : 'Allow' }
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: 7 }
      containerDeleteRetentionPolicy: { enabled: true, days: 7 }
    }

    resource packages 'containers' = {
      name: names.packageContainer
      properties: { publicAccess: 'None' }
    }
  }

  resource queueService 'queueServices' = {
    name: 'default'

    resource runs 'queues' = {
      name: 'archive-runs'
    }

    resource poisoned 'queues' = {
      name: 'archive-runs-poison'
    }
  }

  resource tableService 'tableServices' = {
    name: 'default'
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    name: guid(account.id, identity.id, role.id)
    scope: account
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      description: role.why
    }
  }
]

// Deletions alone: the runtime renews leases and polls queues all day long, and nobody would read of it.
#disable-next-line use-recent-api-versions // The only other version is of 2016.
resource blobsAreLogged 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::blobs
  properties: {
    workspaceId: workspace.id
    logs: [{ category: 'StorageDelete', enabled: true }]
  }
}

// The alert on failed runs reads these: a message in the poison queue is written by the runtime, whatever the app's telemetry does.
#disable-next-line use-recent-api-versions // The only other version is of 2016.
resource queuesAreLogged 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::queueService
  properties: {
    workspaceId: workspace.id
    logs: [{ category: 'StorageWrite', enabled: true }]
  }
}

#disable-next-line use-recent-api-versions // The only other version is of 2016.
resource tablesAreLogged 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::tableService
  properties: {
    workspaceId: workspace.id
    logs: [{ category: 'StorageDelete', enabled: true }]
  }
}
