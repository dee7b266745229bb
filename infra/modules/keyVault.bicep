metadata description = 'The vault of the Kapso key. Roles instead of access policies, and what is deleted can be brought back by anybody but an attacker in a hurry: purge protection.'

import { namesType, tagsType } from '../types.bicep'

@description('The names of the resources.')
param names namesType

@description('Where.')
param location string

@description('Tags.')
param tags tagsType

@description('Whether the vault answers inside the virtual network only.')
param isPrivate bool

@secure()
@description('The key of the Kapso project. Empty: the secret stays as it is.')
param kapsoApiKey string

var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: names.identity
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: names.workspace
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: names.vault
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'AzureServices', defaultAction: isPrivate ? 'Deny' : 'Allow' }
  }
}

// Set through the management plane, so it needs no role in the vault and works where the vault is private.
resource secret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = if (!empty(kapsoApiKey)) {
  parent: vault
  name: names.secret
  properties: {
    value: kapsoApiKey
    contentType: 'Kapso API key'
  }
}

resource appReadsKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, secretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    description: 'The app reads the Kapso key.'
  }
}

#disable-next-line use-recent-api-versions // The only other version is of 2016.
resource vaultIsLogged 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspace.id
    logAnalyticsDestinationType: 'Dedicated'
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}
