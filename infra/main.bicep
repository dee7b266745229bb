metadata description = 'KapsoArchive in a subscription: a resource group with the app, its archive, and everything that guards and watches it. README.md beside this file says how to use it.'

targetScope = 'subscription'

import { archiveType, budgetType, hostingType, kapsoType, monitoringType, namesType, networkingType, storageType, tagsType } from 'types.bicep'
import { faultsOf } from 'rules.bicep'

@description('A short name for this environment, such as dev or prod. Part of every name.')
@minLength(2)
@maxLength(12)
param environmentName string

@description('The region of all resources. It must offer Flex Consumption.')
param location string

@description('The resource group, created where it is absent.')
param resourceGroupName string = 'rg-kapso-archive-${environmentName}'

@description('Tags of every resource.')
param tags tagsType = {}

@description('How the app reaches Kapso.')
param kapso kapsoType = {
  baseUrl: 'https://app.kapso.ai/api/v1/'
  rateShare: '0.8'
  maxConcurrency: 8
}

@secure()
@description('The key of the Kapso project, written into the vault. Empty: the secret in the vault stays as it is.')
param kapsoApiKey string = ''

@description('What is archived, and when.')
param archive archiveType

@description('The archive account.')
param storage storageType

@description('The machines that the app runs on.')
param hosting hostingType = {
  instanceMemoryMB: 2048
  maximumInstanceCount: 3
  zoneRedundant: false
}

@description('Whether storage and vault answer on the internet or in a virtual network only.')
param networking networkingType = { kind: 'public' }

@description('What is kept of logs, and what is watched.')
param monitoring monitoringType

@description('E-mail addresses of those who are told.')
param contacts string[]

@description('What a month may cost before they are told. Null: no budget.')
param budget budgetType?

@description('The object id of a group that may read the archive. Empty: none.')
param readerGroupId string = ''

var faults = faultsOf(archive, storage, networking, contacts, budget)

// Names of accounts, vaults and apps are taken once in the whole world, hence the token.
var token = uniqueString(subscription().id, resourceGroupName, environmentName)
var names namesType = {
  identity: 'id-archive-${environmentName}'
  workspace: 'log-archive-${environmentName}'
  insights: 'appi-archive-${environmentName}'
  hostAccount: 'sthost${token}'
  packageContainer: 'app-package'
  archiveAccount: 'starch${token}'
  vault: 'kv-${token}'
  secret: 'kapso-api-key'
  plan: 'plan-archive-${environmentName}'
  app: 'func-archive-${token}'
  actionGroup: 'ag-archive-${environmentName}'
  network: 'vnet-archive-${environmentName}'
}
var allTags = union(tags, { 'azd-env-name': environmentName })
var isPrivate = networking.kind == 'private'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: empty(faults) ? resourceGroupName : fail(join(faults, '\n'))
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: names.identity, location: location, tags: allTags }
}

module watching 'modules/monitoring.bicep' = {
  scope: group
  params: { names: names, location: location, tags: allTags, monitoring: monitoring }
  dependsOn: [identity]
}

module hostStorage 'modules/hostStorage.bicep' = {
  scope: group
  params: { names: names, location: location, tags: allTags, isPrivate: isPrivate, zoneRedundant: hosting.zoneRedundant }
  dependsOn: [identity, watching]
}

module archiveStorage 'modules/archiveStorage.bicep' = {
  scope: group
  params: {
    names: names
    location: location
    tags: allTags
    storage: storage
    isPrivate: isPrivate
    reachableFrom: networking.kind == 'private' ? networking.archiveReachableFrom : []
    readerGroupId: readerGroupId
  }
  dependsOn: [identity, watching]
}

module keyVault 'modules/keyVault.bicep' = {
  scope: group
  params: { names: names, location: location, tags: allTags, isPrivate: isPrivate, kapsoApiKey: kapsoApiKey }
  dependsOn: [identity, watching]
}

module network 'modules/network.bicep' = if (networking.kind == 'private') {
  scope: group
  params: {
    names: names
    location: location
    tags: allTags
    addressSpace: networking.kind == 'private' ? networking.addressSpace : ''
    appSubnet: networking.kind == 'private' ? networking.appSubnet : ''
    endpointSubnet: networking.kind == 'private' ? networking.endpointSubnet : ''
  }
  dependsOn: [archiveStorage, hostStorage, keyVault, watching]
}

module functionApp 'modules/functionApp.bicep' = {
  scope: group
  params: {
    names: names
    location: location
    tags: allTags
    kapso: kapso
    archive: archive
    container: storage.container
    hosting: hosting
    subnetId: isPrivate ? '${group.id}/providers/Microsoft.Network/virtualNetworks/${names.network}/subnets/app' : ''
  }
  dependsOn: [archiveStorage, hostStorage, keyVault, network, watching]
}

module actionGroup 'modules/actionGroup.bicep' = {
  scope: group
  params: { name: names.actionGroup, tags: allTags, contacts: contacts }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    names: names
    location: location
    tags: allTags
    container: storage.container
    watchTampering: monitoring.tamperingAlerts
  }
  dependsOn: [actionGroup, identity, watching]
}

module availability 'modules/availability.bicep' = if (monitoring.availabilityTest) {
  scope: group
  params: { names: names, location: location, tags: allTags }
  dependsOn: [actionGroup, functionApp, watching]
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: { names: names, location: location, tags: allTags, container: storage.container }
  dependsOn: [watching]
}

module spending 'modules/budget.bicep' = if (budget != null) {
  scope: group
  params: { name: 'archive-${environmentName}', budget: budget!, contacts: contacts }
}

@description('The resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('The function app.')
output ARCHIVE_APP_NAME string = names.app

@description('The key vault.')
output ARCHIVE_VAULT_NAME string = names.vault

@description('The secret that holds the Kapso key.')
output ARCHIVE_SECRET_NAME string = names.secret

@description('The archive account.')
output ARCHIVE_ACCOUNT_NAME string = names.archiveAccount

@description('The data container. Readers and the command line take this URL.')
output ARCHIVE_DESTINATION string = 'https://${names.archiveAccount}.blob.${environment().suffixes.storage}/${storage.container}'
