metadata description = 'The archive: data under an immutability policy, state that moves, exports that expire. A hierarchical namespace has neither versions nor a change feed, hence the policy on the container.'

import { namesType, storageType, tagsType } from '../types.bicep'

@description('The names of the resources.')
param names namesType

@description('Where.')
param location string

@description('Tags.')
param tags tagsType

@description('What the archive is to be.')
param storage storageType

@description('Whether the account answers inside the virtual network only.')
param isPrivate bool

@description('Public addresses that may reach it besides, where it is private.')
param reachableFrom string[]

@description('The object id of a group that may read the archive. Empty: none.')
param readerGroupId string

var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var blobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
var blobDelegator = 'db58b8e5-c6ad-4a2a-8342-4190687cbf4a'

@description('Actions of a lifecycle rule, by name.')
type actionsType = {
  @description('After how many days.')
  *: { daysAfterModificationGreaterThan: int }
}

@description('An action of a lifecycle rule, where it has its days.')
func days(number int?, action string) actionsType => number == null ? {} : { '${action}': { daysAfterModificationGreaterThan: number } }

var moves = union(
  days(storage.tiers.?coolAfterDays, 'tierToCool'),
  days(storage.tiers.?coldAfterDays, 'tierToCold'),
  days(storage.tiers.?archiveAfterDays, 'tierToArchive'),
  days(storage.tiers.?deleteAfterDays, 'delete')
)

var movesOfFiles = union(days(storage.tiers.?mediaCoolAfterDays, 'tierToCool'), days(storage.tiers.?mediaDeleteAfterDays, 'delete'))

var exportsExpire = {
  name: 'exports-expire'
  enabled: true
  type: 'Lifecycle'
  definition: {
    filters: { blobTypes: ['blockBlob'], prefixMatch: ['${storage.container}-exports/'] }
    actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: storage.exportsDeleteAfterDays } } }
  }
}

// Manifests, proofs of completeness and rejected records are small and read often: they stay where they are.
var messagesMove = {
  name: 'messages-move'
  enabled: true
  type: 'Lifecycle'
  definition: {
    filters: { blobTypes: ['blockBlob'], prefixMatch: ['${storage.container}/messages/', '${storage.container}/messages_jsonl/'] }
    actions: { baseBlob: moves }
  }
}

var filesMove = {
  name: 'files-move'
  enabled: true
  type: 'Lifecycle'
  definition: {
    filters: { blobTypes: ['blockBlob'], prefixMatch: ['${storage.container}/_media/'] }
    actions: { baseBlob: movesOfFiles }
  }
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: names.identity
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: names.workspace
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: names.archiveAccount
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_${storage.redundancy}' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    allowedCopyScope: 'AAD'
    defaultToOAuthAuthentication: true
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: true
      services: { blob: { enabled: true, keyType: 'Account' } }
    }
    isHnsEnabled: true
    isLocalUserEnabled: false
    isSftpEnabled: false
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: isPrivate && empty(reachableFrom) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      ipRules: [for address in reachableFrom: { value: address, action: 'Allow' }]
    }
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: storage.softDeleteDays }
      containerDeleteRetentionPolicy: { enabled: true, days: storage.softDeleteDays }
    }

    resource data 'containers' = {
      name: storage.container
      properties: { publicAccess: 'None' }

      // Appending stays forbidden: the program writes block blobs, each once and whole.
      resource policy 'immutabilityPolicies' = if (storage.immutability.mode == 'Unlocked') {
        name: 'default'
        properties: {
          allowProtectedAppendWrites: false
          immutabilityPeriodSinceCreationInDays: storage.immutability.days
        }
      }
    }

    resource state 'containers' = {
      name: '${storage.container}-state'
      properties: { publicAccess: 'None' }
    }

    resource exports 'containers' = {
      name: '${storage.container}-exports'
      properties: { publicAccess: 'None' }
    }
  }
}

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: concat([exportsExpire], empty(moves) ? [] : [messagesMove], empty(movesOfFiles) ? [] : [filesMove])
    }
  }
  dependsOn: [account::blobs]
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (storage.deleteLock) {
  name: 'archive-stays'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'The archive of the WhatsApp conversations. infra/README.md says how to tear it down.'
  }
}

resource appWritesData 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::data.id, identity.id, blobDataContributor)
  scope: account::blobs::data
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    description: 'The app adds to the archive.'
  }
}

resource appWritesState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::state.id, identity.id, blobDataContributor)
  scope: account::blobs::state
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    description: 'The app keeps its run records, its index and its lock.'
  }
}

resource appWritesExports 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::exports.id, identity.id, blobDataContributor)
  scope: account::blobs::exports
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    description: 'The app writes exports.'
  }
}

// A delegation key is asked of the account, not of a container; a link made with it opens no more than the app itself may.
resource appSignsLinks 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, identity.id, blobDelegator)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDelegator)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    description: 'The app signs short-lived links to exports.'
  }
}

resource groupReadsData 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(readerGroupId)) {
  name: guid(account::blobs::data.id, readerGroupId, blobDataReader)
  scope: account::blobs::data
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataReader)
    principalId: readerGroupId
    principalType: 'Group'
    description: 'These people read the archive.'
  }
}

// Every request: the dead-man alert waits for the nights, the tampering alert for refused changes, and readings are the record of who saw what.
#disable-next-line use-recent-api-versions // The only other version is of 2016.
resource blobsAreLogged 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::blobs
  properties: {
    workspaceId: workspace.id
    logs: [
      { category: 'StorageRead', enabled: true }
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
  }
}
