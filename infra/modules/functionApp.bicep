metadata description = 'The app on Flex Consumption. Everything it reaches, it reaches as its user-assigned identity; the one secret is a reference to the vault.'

import { archiveType, hostingType, kapsoType, namesType, tagsType } from '../types.bicep'

@description('The names of the resources.')
param names namesType

@description('Where.')
param location string

@description('Tags.')
param tags tagsType

@description('How the app reaches Kapso.')
param kapso kapsoType

@description('What it archives, and when.')
param archive archiveType

@description('The data container of the archive account.')
param container string

@description('The machines that it runs on.')
param hosting hostingType

@description('The subnet that it runs in. Empty: none.')
param subnetId string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: names.identity
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: names.workspace
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: names.insights
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: names.plan
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: hosting.zoneRedundant }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: names.app
  location: location
  tags: union(tags, { 'azd-service-name': 'archive' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      remoteDebuggingEnabled: false
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${names.hostAccount}.blob.${environment().suffixes.storage}/${names.packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        instanceMemoryMB: hosting.instanceMemoryMB
        maximumInstanceCount: hosting.maximumInstanceCount
      }
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: {
      AzureWebJobsStorage__accountName: names.hostAccount
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identity.properties.clientId
      AZURE_CLIENT_ID: identity.properties.clientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
      Kapso__ApiKey: '@Microsoft.KeyVault(SecretUri=https://${names.vault}${environment().suffixes.keyvaultDns}/secrets/${names.secret}/)'
      Kapso__BaseUrl: kapso.baseUrl
      Kapso__RateShare: kapso.rateShare
      Kapso__MaxConcurrency: string(kapso.maxConcurrency)
      Archive__Conversations: archive.conversations
      Archive__Formats: archive.formats
      Archive__Destination: 'https://${names.archiveAccount}.blob.${environment().suffixes.storage}/${container}'
      Archive__Lookback: archive.lookback
      Archive__FullSweepEvery: archive.fullSweepEvery
      Archive__SliceDuration: archive.sliceDuration
      Archive__Media: archive.?media ?? 'all'
      Archive__MaxMediaBytes: string(archive.?maxMediaBytes ?? 104857600)
      Archive__MediaDuration: archive.?mediaDuration ?? '00:10:00'
      Archive__MediaConcurrency: string(archive.?mediaConcurrency ?? 8)
      Archive__VerifySubset: archive.?verifySubset ?? ''
      ArchiveSchedule: archive.schedule
      Api__CallbackSecret: empty(archive.?callbackSecret)
        ? ''
        : '@Microsoft.KeyVault(SecretUri=https://${names.vault}${environment().suffixes.keyvaultDns}/secrets/${archive.?callbackSecret}/)'
      AzureWebJobsDisableHomepage: 'true'
      OTEL_SERVICE_NAME: names.app
    }
  }

  resource noPasswordForFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noPasswordForDeployment 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

#disable-next-line use-recent-api-versions // The only other version is of 2016.
resource appIsLogged 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: app
  properties: {
    workspaceId: workspace.id
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
  }
}
